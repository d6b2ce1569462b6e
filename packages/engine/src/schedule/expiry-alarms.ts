import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { cachedJson } from '../cached-json.js';
import type { Alert } from './sync-engine.js';

const DAY = 24 * 3_600_000;
const LOOK_EVERY_MS = 3_600_000;

/** So many days before a credential ends a person is told, once each. */
const thresholds = [30, 7, 1];

/** For which end, and down to how many days, it was told. */
type Told = { readonly expiresAt: string; readonly days: number };

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && 'expiresAt' in value && 'days' in value;

/** The nearest threshold that was passed and not told of; the wider ones are told with it. Another end begins anew. */
export const decideExpiry = (told: Told | undefined, expiresAt: Date, now: number): Told | undefined => {
  const left = (expiresAt.getTime() - now) / DAY;
  const passed = thresholds.filter((days) => left <= days).at(-1);
  if (passed === undefined) return undefined;
  const end = expiresAt.toISOString();
  return told?.expiresAt === end && told.days <= passed ? undefined : { expiresAt: end, days: passed };
};

/**
 * Tells that the Graph credential of a connection ends soon: when 30, 7 and 1 days are left, each once. What was told stands
 * in the cache, so a restart does not tell it again.
 */
export const makeExpiryAlarms = (options: {
  readonly connectionId: string;
  readonly cache: LocalCache;
  readonly alert: (alert: Alert) => void;
  readonly now: () => Date;
  readonly expiry: () => Promise<Date | undefined>;
}) => {
  const { connectionId, cache, now } = options;
  const key = `credential-expiry-told:${connectionId}`;
  let lookedAt: number | undefined;
  return {
    consider: async (): Promise<void> => {
      const at = now().getTime();
      if (lookedAt !== undefined && at >= lookedAt && at - lookedAt < LOOK_EVERY_MS) return;
      lookedAt = at;
      const expiresAt = await options.expiry();
      if (expiresAt === undefined) return;
      const before = cachedJson(await cache.get(key));
      const next = decideExpiry(isTold(before) ? before : undefined, expiresAt, at);
      if (next === undefined) return;
      const daysLeft = Math.max(0, Math.floor((expiresAt.getTime() - at) / DAY));
      options.alert({ kind: 'credentials', connectionId, counts: { daysLeft } });
      await cache.put(key, JSON.stringify(next));
    },
  };
};
