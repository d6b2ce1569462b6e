import type { GraphFailure, SubscriptionRefused } from '@learnamp/directory-sync-graph';
import { graphError } from '../failure.js';

/** What goes wrong at the moment, and when it is tried again. */
export type Trouble = {
  /** `quota`, `permission`, `validation`, `duplicate`, or the code of the failure such as `graph-unreachable`. */
  readonly reason: string;
  readonly failures: number;
  readonly since: Date;
  readonly retryAt: Date;
};

type Policy = { readonly baseMs: number; readonly capMs: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What passes by itself is tried again within the hour, what needs a person once a day in the end. */
const policyOf = (reason: string): Policy =>
  ['quota', 'permission', 'duplicate', 'graph-credentials'].includes(reason)
    ? { baseMs: 30 * MINUTE, capMs: 24 * HOUR }
    : { baseMs: MINUTE, capMs: HOUR };

export const reasonOfFailure = (failure: GraphFailure | SubscriptionRefused): string =>
  failure._tag === 'SubscriptionRefused' ? failure.reason : graphError(failure).code;

/** Exponential, with the upper half of the wait left to chance. A time that Graph named is taken as it is. */
export const troubleAfter = (
  before: Trouble | undefined,
  failure: { readonly reason: string; readonly retryAt?: string | undefined },
  world: { readonly now: () => Date; readonly random: () => number },
): Trouble => {
  const now = world.now();
  const { reason, retryAt } = failure;
  const same = before?.reason === reason ? before : undefined;
  const failures = (same?.failures ?? 0) + 1;
  const { baseMs, capMs } = policyOf(reason);
  const wait = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 20)) * (0.5 + world.random() / 2);
  const until = Math.max(now.getTime() + wait, retryAt === undefined ? 0 : Date.parse(retryAt));
  return { reason, failures, since: same?.since ?? now, retryAt: new Date(until) };
};
