import type { Command, Outcome } from '@learnamp/directory-sync-domain';

type Counts = {
  readonly planned: number;
  readonly succeeded: number;
  readonly rejected: number;
  readonly deferred: number;
  readonly unsupported: number;
};

/** What became of the commands of a cycle, by kind. */
export type Tally = Map<Command['kind'], Counts>;

const none: Counts = { planned: 0, succeeded: 0, rejected: 0, deferred: 0, unsupported: 0 };

const fieldOf: Readonly<Partial<Record<Outcome['_tag'], keyof Counts>>> = {
  Succeeded: 'succeeded',
  Rejected: 'rejected',
  Deferred: 'deferred',
  Unsupported: 'unsupported',
};

/** Counts one command that was sent; `undefined`: it has no answer. */
export const tallyOutcome = (tally: Tally, kind: Command['kind'], outcome: Outcome | undefined): void => {
  const counts = tally.get(kind) ?? none;
  const field = outcome === undefined ? undefined : fieldOf[outcome._tag];
  const planned = counts.planned + 1;
  tally.set(kind, { ...counts, planned, ...(field === undefined ? {} : { [field]: counts[field] + 1 }) });
};
