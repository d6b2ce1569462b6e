/**
 * What to do next about the subscription to one resource of a tenant. Pure: the log's knowledge, what Graph listed and the
 * time go in, one move comes out; the keeper makes the move and asks again.
 *
 * Invariants:
 * - never more than two live subscriptions to a resource at our address: where two are there, one is taken away before
 *   another is made;
 * - a subscription that works is never deleted before its end, whatever the renewal says;
 * - one whose secret we do not know is never kept: its notifications could not be told from forged ones;
 * - nothing that is somebody else's (another address, not in our log) is touched;
 * - while the new one has not been caught up with, the old one is left alone (`overlapping`).
 */
import type { Source } from '@learnamp/directory-sync-domain';
import type { GraphSubscription } from '@learnamp/directory-sync-graph';
import { subscribedChanges } from '@learnamp/directory-sync-graph';
import type { KeptSubscription, ResourceSubscriptions } from './tenant-subscriptions.js';
import { resourceOf } from './tenant-subscriptions.js';

export type SubscriptionView = {
  readonly resource: Source;
  readonly kept: ResourceSubscriptions;
  /** All that Graph listed for this app, or `undefined` where that is too long ago. */
  readonly listed: ReadonlyArray<GraphSubscription> | undefined;
  readonly notificationUrl: string;
  readonly now: Date;
  /** Graph asked for a new authorisation: the half life is not waited for. */
  readonly renewNow: boolean;
  /** Something was made and the round that catches up has not ended. */
  readonly overlapping: boolean;
};

/** By our own clock and log. */
export type Standing =
  /** There is none. */
  | 'none'
  /** In the first half of its life. */
  | 'fresh'
  /** In the second half, or asked to be renewed. */
  | 'due'
  | 'expired';

/** By Graph's list. */
export type Sight =
  /** Not looked lately. */
  | 'unseen'
  /** Ours is not there, and nothing stands in the way of a new one. */
  | 'absent'
  /** Ours is there. */
  | 'mine'
  /** Ours is there, and others at our address. */
  | 'crowded'
  /** One that the log counts as ended is there, at our address, and its secret is known. */
  | 'recorded'
  /** At our address, with a secret nobody knows: made by a process that died before it could record it. */
  | 'stray'
  /** Ours, at an address we have left. */
  | 'moved'
  /** Another user of the same app has one for the same resource and changes; Graph allows no second. */
  | 'foreign';

export type Move = 'look' | 'create' | 'renew' | 'adopt' | 'lose' | 'clear' | 'tidy' | 'yield' | 'stay';

/** Every standing with every sight. Combinations that cannot meet are written as the careful thing to do. */
export const moves: Readonly<Record<Standing, Readonly<Record<Sight, Move>>>> = {
  none: {
    unseen: 'look',
    absent: 'create',
    mine: 'look',
    crowded: 'look',
    recorded: 'adopt',
    stray: 'clear',
    moved: 'clear',
    foreign: 'yield',
  },
  fresh: {
    unseen: 'look',
    absent: 'lose',
    mine: 'stay',
    crowded: 'tidy',
    recorded: 'lose',
    stray: 'lose',
    moved: 'lose',
    foreign: 'lose',
  },
  due: {
    unseen: 'renew',
    absent: 'lose',
    mine: 'renew',
    crowded: 'renew',
    recorded: 'lose',
    stray: 'lose',
    moved: 'lose',
    foreign: 'lose',
  },
  expired: {
    unseen: 'lose',
    absent: 'lose',
    mine: 'lose',
    crowded: 'lose',
    recorded: 'lose',
    stray: 'lose',
    moved: 'lose',
    foreign: 'lose',
  },
};

export type Decision = {
  readonly move: Move;
  /** What `adopt`, `clear` and `tidy` are about. */
  readonly found: ReadonlyArray<GraphSubscription>;
  /** Why, for `lose` and `yield`: `expired`, `gone`, `moved` or `occupied`. */
  readonly reason: string;
};

const MOST_LIVE = 2;

/** The middle of its present life. */
export const halfLifeOf = ({ since, expiresAt }: { readonly since: string; readonly expiresAt: string }): number =>
  (Date.parse(since) + Date.parse(expiresAt)) / 2;

/** Where Graph lists an earlier end than was recorded, Graph is the one that ends it. */
const endOf = ({ subscriptionId, expiresAt }: KeptSubscription, listed: SubscriptionView['listed']): string => {
  const told = listed?.find((each) => each.subscriptionId === subscriptionId)?.expiresAt;
  return told !== undefined && Date.parse(told) < Date.parse(expiresAt) ? told : expiresAt;
};

export const standingOf = ({ kept: { current }, listed, now, renewNow }: SubscriptionView): Standing => {
  if (current === undefined) return 'none';
  const at = now.getTime();
  // By our own record alone: what Graph still lists is renewed, however little is left of it.
  if (at >= Date.parse(current.expiresAt)) return 'expired';
  const { since } = current;
  return renewNow || at >= halfLifeOf({ since, expiresAt: endOf(current, listed) }) ? 'due' : 'fresh';
};

const changesOf = (changeType: string): string =>
  changeType
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .sort()
    .join(',');

/** Graph allows one subscription for an app, a resource and a set of changes. */
const isTwin = ({ changeType }: GraphSubscription): boolean => changesOf(changeType) === changesOf(subscribedChanges);

type Seen = { readonly sight: Sight; readonly found: ReadonlyArray<GraphSubscription> };

/** Beside ours: what else is at our address. */
const sightOfMine = (view: SubscriptionView, mine: GraphSubscription, others: Seen['found']): Seen => {
  if (mine.notificationUrl !== view.notificationUrl) return { sight: 'moved', found: [mine] };
  if (view.kept.current?.clientStateDigest === undefined) return { sight: 'stray', found: [mine] };
  return others.length > 0 && !view.overlapping
    ? { sight: 'crowded', found: others }
    : { sight: 'mine', found: [mine] };
};

/** There is none of ours: what would stand in the way of a new one. */
const sightOfOthers = (view: SubscriptionView, listed: Seen['found'], here: Seen['found']): Seen => {
  const twin = listed.find(isTwin);
  if (twin === undefined) {
    return here.length >= MOST_LIVE ? { sight: 'stray', found: here.slice(0, 1) } : { sight: 'absent', found: [] };
  }
  const before = view.kept.former.find(({ subscriptionId }) => subscriptionId === twin.subscriptionId);
  const found = [twin];
  if (!here.includes(twin)) return { sight: before === undefined ? 'foreign' : 'moved', found };
  return { sight: before?.clientStateDigest === undefined ? 'stray' : 'recorded', found };
};

const seen = (view: SubscriptionView): Seen => {
  const listed = view.listed?.filter(({ resource }) => resourceOf(resource) === view.resource);
  if (listed === undefined) return { sight: 'unseen', found: [] };
  const here = listed.filter(({ notificationUrl }) => notificationUrl === view.notificationUrl);
  const { current } = view.kept;
  if (current === undefined) return sightOfOthers(view, listed, here);
  const mine = listed.find(({ subscriptionId }) => subscriptionId === current.subscriptionId);
  if (mine === undefined) return { sight: 'absent', found: [] };
  return sightOfMine(
    view,
    mine,
    here.filter((other) => other !== mine),
  );
};

const reasonOf = (standing: Standing, { sight }: Seen): string => {
  if (sight === 'foreign') return 'occupied';
  if (standing === 'expired') return 'expired';
  return sight === 'moved' ? 'moved' : 'gone';
};

/**
 * The next move.
 *
 * @example
 * decideSubscription({ resource: 'users', kept: nothing, listed: [], ... }).move // 'create'
 */
export const decideSubscription = (view: SubscriptionView): Decision => {
  const standing = standingOf(view);
  const sight = seen(view);
  return { move: moves[standing][sight.sight], found: sight.found, reason: reasonOf(standing, sight) };
};
