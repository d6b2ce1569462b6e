import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { Alert } from './sync-engine.js';
import { cachedJson } from '../cached-json.js';

/** What stands now: each kind once at most, with its counts. */
export type Conditions = Readonly<Partial<Record<Alert['kind'], Alert['counts']>>>;
/** What nobody can say yet. */
export type Undecided = ReadonlySet<Alert['kind']>;
/** When each was told last. */
export type Told = Readonly<Partial<Record<Alert['kind'], number>>>;

const noneUndecided: Undecided = new Set();
const DAY = 24 * 3_600_000;
const kinds: ReadonlyArray<Alert['kind']> = [
  'held',
  'parked',
  'credentials',
  'unsafe-link',
  'restarted-round',
  'delivery-paused',
  'invariant-violated',
  'stale',
  'old-links',
  'notifications',
];

/**
 * What to tell now: a condition when it begins, and daily while it stands. One that ended is told anew when it comes back.
 * What is undecided neither begins nor ends. Times are milliseconds since the epoch; a clock that was set back makes it
 * come early.
 */
export const decideAlerts = (
  told: Told,
  conditions: Conditions,
  now: number,
  undecided: Undecided = noneUndecided,
): { readonly tell: ReadonlyArray<Alert['kind']>; readonly told: Told } => {
  const standing = kinds.filter((kind) => conditions[kind] !== undefined && !undecided.has(kind));
  const tell = standing.filter((kind) => {
    const at = told[kind];
    return at === undefined || at > now || now - at >= DAY;
  });
  const kept = kinds.filter((kind) => undecided.has(kind) || standing.includes(kind));
  const times = kept.flatMap((kind) => {
    const at = tell.includes(kind) ? now : told[kind];
    return at === undefined ? [] : [[kind, at] as const];
  });
  return { tell, told: Object.fromEntries(times) };
};

const toldIn = (text: string | undefined): Told => {
  const parsed = cachedJson(text);
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
};

/** Alerts of one connection. What was told stands in the cache, so a restart does not tell it again. */
export const makeAlerts = (options: {
  readonly connectionId: string;
  readonly cache: LocalCache;
  readonly alert: (alert: Alert) => void;
  readonly now: () => Date;
}) => {
  const { connectionId, cache } = options;
  const key = `alerts:${connectionId}`;
  let told: Told | undefined;
  return {
    consider: async (conditions: Conditions, undecided: Undecided = noneUndecided): Promise<void> => {
      told ??= toldIn(await cache.get(key));
      const next = decideAlerts(told, conditions, options.now().getTime(), undecided);
      const changed = JSON.stringify(next.told) !== JSON.stringify(told);
      told = next.told;
      for (const kind of next.tell) options.alert({ kind, connectionId, counts: conditions[kind] ?? {} });
      if (changed) await cache.put(key, JSON.stringify(told));
    },
  };
};
