import type { WebhookHealth } from '../directory-sync.js';
import type { SubscriptionStatus } from '../subscriptions/subscription-status.js';

/** So long without a notification, although there was something to tell, and the way to us is doubted. */
const SILENCE_MS = 3_600_000;

/** What polls found that no notification had announced. Times are milliseconds since the epoch. */
export type Silence = {
  readonly lastNotificationAt: number | undefined;
  /** The first poll since the last notification that found a change. */
  readonly foundAt: number | undefined;
};

export const afterNotified = (at: number): Silence => ({ lastNotificationAt: at, foundAt: undefined });

/** A notification may be a little ahead of what it tells of, so only a poll well behind the last one counts. */
export const afterFound = (silence: Silence, at: number): Silence => {
  const { lastNotificationAt, foundAt } = silence;
  const recent = lastNotificationAt !== undefined && at - lastNotificationAt < SILENCE_MS / 4;
  return foundAt !== undefined || recent ? silence : { ...silence, foundAt: at };
};

const isSilent = ({ foundAt }: Silence, now: number): boolean => foundAt !== undefined && now - foundAt >= SILENCE_MS;

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

const problemOf = (subscriptions: ReadonlyArray<SubscriptionStatus>, silence: Silence, now: number): string | null => {
  const trouble = subscriptions.find(({ problem, mode }) => mode === 'poll-only' || problem !== undefined);
  if (trouble !== undefined) {
    const { resource, problem, mode } = trouble;
    const reason = problem === undefined ? '' : ` (${problem.reason})`;
    return mode === 'poll-only'
      ? `There is no subscription to ${resource}${reason}: changes come with the polls.`
      : `The subscription to ${resource} is in trouble${reason}: it is tried again.`;
  }
  if (!isSilent(silence, now)) return null;
  const since =
    silence.lastNotificationAt === undefined ? 'ever came' : `came since ${iso(silence.lastNotificationAt) ?? ''}`;
  return `No notification ${since}, while polls found changes: check that the public address is reachable and its certificate is valid.`;
};

/** Empty subscriptions: no address is configured, or the keeper could not begin yet. */
export const webhookHealth = (
  configured: boolean,
  subscriptions: ReadonlyArray<SubscriptionStatus>,
  silence: Silence,
  now: number,
): WebhookHealth => {
  const lastNotificationAt = iso(silence.lastNotificationAt);
  if (!configured) return { state: 'off', lastNotificationAt, expiresAt: null, problem: null };
  const alive = subscriptions.length > 0 && subscriptions.every(({ mode }) => mode === 'notified');
  const ends = subscriptions.flatMap(({ expiresAt }) => expiresAt ?? []).sort();
  const begins = subscriptions.length === 0 ? 'The subscriptions are not looked after yet.' : null;
  return {
    state: alive ? 'ok' : 'poll-only',
    lastNotificationAt,
    expiresAt: ends[0] ?? null,
    problem: begins ?? problemOf(subscriptions, silence, now),
  };
};
