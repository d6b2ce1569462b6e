import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';
import type { PersonCycle } from './person-sync.js';

/** Answers that nobody came for are dropped once so many newer ones were left. */
const KEPT = 256;

const keyOf = (connectionId: string, asked: bigint): string => `person-sync:${connectionId}:${asked.toString()}`;

const isCycle = (value: unknown): value is PersonCycle =>
  typeof value === 'object' && value !== null && 'outcome' in value && 'report' in value;

/** What a running engine told of the request of this revision; it is given once, to whoever asked. */
export const takePersonAnswer = async (
  cache: LocalCache,
  connectionId: string,
  asked: bigint,
): Promise<PersonCycle | undefined> => {
  const key = keyOf(connectionId, asked);
  // Looked for before it is taken: whoever waits asks several times a second, and taking writes.
  const found = (await cache.get(key)) === undefined ? undefined : cachedJson(await cache.take(key));
  return isCycle(found) ? found : undefined;
};

export type PersonAnswers = {
  /** For whoever asked, in another process. No value of the person is in it: those stand in the log alone. */
  readonly put: (asked: bigint, cycle: PersonCycle) => Promise<void>;
};

/**
 * Where a running engine leaves what it tells of single people. Invariant: each answer stands under a key of its own, so two that
 * are left at once, or many that nobody has looked at yet, never take each other's place.
 */
export const makePersonAnswers = (cache: LocalCache, connectionId: string, kept = KEPT): PersonAnswers => {
  const left: bigint[] = [];
  return {
    put: async (asked, cycle) => {
      left.push(asked);
      await cache.put(keyOf(connectionId, asked), JSON.stringify(cycle));
      for (const old of left.splice(0, Math.max(0, left.length - kept))) await cache.take(keyOf(connectionId, old));
    },
  };
};
