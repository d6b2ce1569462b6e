import type { Source } from '@learnamp/directory-sync-domain';
import type { GraphSubscription } from '@learnamp/directory-sync-graph';
import type { TenantSubscriptions } from './tenant-subscriptions.js';
import { resources } from './tenant-subscriptions.js';
import type { Trouble } from './trouble.js';

export type KeeperMemory = {
  /** What Graph listed, brought up to date by what we did since. */
  listed: { readonly at: number; readonly subscriptions: ReadonlyArray<GraphSubscription> } | undefined;
  readonly troubles: Map<Source | 'catch-up', Trouble>;
  /** Graph asked for a new authorisation: when that may be renewed, in milliseconds since the epoch. */
  readonly hints: Map<Source, number>;
  /** Graph said "exists already" and the list was looked at again because of it. */
  readonly duplicates: Set<Source>;
  /** Ended subscriptions whose time is over. */
  readonly forgotten: Set<string>;
  /** Something was made, or an authorisation renewed: a round has to look at what was missed. */
  catchUpDue: boolean;
};

/** Graph delivers for so long what could not be delivered at once. */
const LATE_DELIVERIES_MS = 4 * 60 * 60_000;

export const formerOf = (state: TenantSubscriptions) => resources.flatMap((resource) => state[resource].former);

/** A process that ended during an overlap may not have caught up; doing it once more costs a quiet round. */
export const openKeeperMemory = (state: TenantSubscriptions, now: Date): KeeperMemory => {
  const former = formerOf(state);
  const late = former.filter(({ endedAt }) => now.getTime() - Date.parse(endedAt) >= LATE_DELIVERIES_MS);
  return {
    listed: undefined,
    troubles: new Map(),
    hints: new Map(),
    duplicates: new Set(),
    forgotten: new Set(late.map(({ subscriptionId }) => subscriptionId)),
    catchUpDue: late.length < former.length,
  };
};

/** What we did ourselves is written into the list instead of being looked up: Graph's own list may lag behind. */
export const relist = (memory: KeeperMemory, subscriptionId: string, now: ReadonlyArray<GraphSubscription>): void => {
  if (memory.listed === undefined) return;
  const others = memory.listed.subscriptions.filter((each) => each.subscriptionId !== subscriptionId);
  memory.listed = { ...memory.listed, subscriptions: [...others, ...now] };
};
