import type { RoundKind, Source } from '@learnamp/directory-sync-domain';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';

/** A round that was begun three times or more, at its beginning each time, and has not reached its end since. */
export type RestartedRound = {
  readonly source: Source;
  /** How many times it was begun. */
  readonly starts: number;
  /** When it was begun for the first time; ISO 8601. */
  readonly since: string;
};

/**
 * Counts how often a round is begun before it reaches its end, over cycles and processes (FC-22). A round is known by its query,
 * since a full read gives its cursors new names each time. One of a single page ends with it and is not counted.
 */
export type BegunRounds = {
  /** Resolves with how many times the round was begun, this one included. */
  readonly begin: (round: BegunRound) => Promise<number>;
  readonly reached: (round: BegunRound) => Promise<void>;
  /** Every round of the cycle reached its end: what is still counted belongs to queries that nobody asks any more. */
  readonly allReached: () => Promise<void>;
};

export type BegunRound = { readonly source: Source; readonly kind: RoundKind; readonly fingerprint: string };

type Place = { readonly cache: LocalCache; readonly connectionId: string };
type Counted = Readonly<Record<string, RestartedRound>>;

/** The second restart of one round is told. */
const TOLD_AT = 3;

const keyOf = ({ connectionId }: Place): string => `begun-rounds:${connectionId}`;

/** A round of what is new says nothing of one from the beginning; the other way round it does. */
const nameOf = ({ kind, fingerprint }: BegunRound): string =>
  `${kind === 'incremental' ? 'changes' : 'all'}:${fingerprint}`;

const isRound = (value: unknown): value is RestartedRound =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  (value.source === 'users' || value.source === 'groups') &&
  'starts' in value &&
  Number.isSafeInteger(value.starts) &&
  'since' in value &&
  typeof value.since === 'string';

const load = async (place: Place): Promise<Counted> => {
  const kept = cachedJson(await place.cache.get(keyOf(place)));
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).flatMap(([name, round]: [string, unknown]) => (isRound(round) ? [[name, round]] : [])),
  );
};

export const makeBegunRounds = (place: Place, now: () => Date): BegunRounds => {
  let counted: Counted | undefined;
  const current = async (): Promise<Counted> => (counted ??= await load(place));
  const put = async (next: Counted): Promise<void> => {
    counted = next;
    await place.cache.put(keyOf(place), JSON.stringify(next));
  };
  return {
    begin: async (round) => {
      const rounds = await current();
      const name = nameOf(round);
      const { starts = 0, since = now().toISOString() } = rounds[name] ?? {};
      await put({ ...rounds, [name]: { source: round.source, starts: starts + 1, since } });
      return starts + 1;
    },
    reached: async (round) => {
      const rounds = await current();
      const over = new Set([nameOf(round), nameOf({ ...round, kind: 'incremental' })]);
      const left = Object.entries(rounds).filter(([name]) => !over.has(name));
      if (left.length < Object.keys(rounds).length) await put(Object.fromEntries(left));
    },
    allReached: async () => {
      if (Object.keys(await current()).length > 0) await put({});
    },
  };
};

/** Of a preview: what it reads is not how the connection stands. */
export const uncountedRounds: BegunRounds = {
  begin: () => Promise.resolve(1),
  reached: () => Promise.resolve(),
  allReached: () => Promise.resolve(),
};

/** Those that a person has to look at; `undefined`: none. */
export const readRestartedRounds = async (place: Place): Promise<ReadonlyArray<RestartedRound> | undefined> => {
  const told = Object.values(await load(place)).filter(({ starts }) => starts >= TOLD_AT);
  return told.length === 0 ? undefined : told;
};
