import type { DataKey, Head } from '@learnamp/directory-sync-event-sourcing';
import { headMistake, type SignedHead } from '../log-transfer/signed-head.js';
import type { Collector } from './verify-report.js';

/** A head that was kept elsewhere: a hash, one with its revision, or the whole of what `log head` wrote. */
export type KeptHead = { readonly hash: string; readonly revision?: bigint | undefined } | SignedHead;

const isSigned = (kept: KeptHead): kept is SignedHead => 'signature' in kept;

const revisionOf = (kept: KeptHead): bigint | undefined => {
  if (!isSigned(kept)) return kept.revision;
  return /^\d{1,19}$/.test(kept.revision) ? BigInt(kept.revision) : -1n;
};

export type HeadCheck = {
  readonly follow: (head: Head) => void;
  /** Once the whole log was passed. */
  readonly end: () => void;
};

/** A log that was cut short, or written anew from the beginning, has a sound chain; it lacks the head that was kept. */
export const makeHeadCheck = (
  kept: KeptHead,
  at: { readonly stream: string; readonly keys: ReadonlyArray<DataKey>; readonly collector: Collector },
): HeadCheck => {
  const { collector } = at;
  const revision = revisionOf(kept);
  let found = false;

  const differs = (what: string): void => {
    collector.differs({ revision: revision?.toString() ?? null, type: null, what });
  };

  return {
    follow: (head) => {
      found ||= head.hash === kept.hash && (revision === undefined || revision === head.revision);
    },
    end: () => {
      collector.checked();
      if (!found) differs('This log does not contain the head that was kept: it was truncated or rewritten.');
      if (!isSigned(kept)) return;
      if (kept.stream !== at.stream) differs(`The head that was kept is that of another log (${kept.stream}).`);
      const mistake = headMistake(kept, at.keys);
      if (mistake !== undefined) differs(`The head that was kept proves nothing: ${mistake}`);
    },
  };
};
