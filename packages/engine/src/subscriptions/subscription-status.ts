import type { Source } from '@learnamp/directory-sync-domain';
import { halfLifeOf } from './decide-subscription.js';
import type { ResourceSubscriptions } from './tenant-subscriptions.js';
import type { Trouble } from './trouble.js';

/** The health of one subscription, for a status page. Times are ISO 8601. */
export type SubscriptionStatus = {
  readonly resource: Source;
  /** `poll-only`: there is no live subscription; changes come with the polls, later. */
  readonly mode: 'notified' | 'poll-only';
  readonly subscriptionId: string | undefined;
  readonly expiresAt: string | undefined;
  /** When it is renewed. */
  readonly renewAt: string | undefined;
  /**
   * What is wrong: `quota`, `permission`, `validation`, `occupied`, `gone`, `expired`, `moved`, or the code of a failure
   * such as `graph-unreachable`; and when it is tried again, where it is waited for.
   */
  readonly problem:
    { readonly reason: string; readonly since: string; readonly retryAt: string | undefined } | undefined;
};

const problemOf = ({ absence }: ResourceSubscriptions, trouble: Trouble | undefined): SubscriptionStatus['problem'] => {
  if (trouble !== undefined) {
    return { reason: trouble.reason, since: trouble.since.toISOString(), retryAt: trouble.retryAt.toISOString() };
  }
  return absence === undefined ? undefined : { reason: absence.reason, since: absence.at, retryAt: undefined };
};

export const subscriptionStatus = (
  resource: Source,
  kept: ResourceSubscriptions,
  trouble: Trouble | undefined,
  now: Date,
): SubscriptionStatus => {
  const { current } = kept;
  const live = current !== undefined && Date.parse(current.expiresAt) > now.getTime();
  return {
    resource,
    mode: live ? 'notified' : 'poll-only',
    subscriptionId: current?.subscriptionId,
    expiresAt: current?.expiresAt,
    renewAt: current === undefined ? undefined : new Date(halfLifeOf(current)).toISOString(),
    problem: problemOf(kept, trouble),
  };
};
