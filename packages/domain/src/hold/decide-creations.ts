import type { HoldReason } from '../events/delivery-events.js';
import type { ObjectId } from '../ids.js';
import type { CreationHold } from '../preferences/preferences.js';
import type { HoldDecision, Standing } from './decide-deactivations.js';
import type { DispatchedAt } from './window.js';
import { dispatchedInWindow, exceedsShare, inOrder } from './window.js';

export type CreationPlan = {
  readonly settings: CreationHold;
  /** The window of the deactivations' hold: both kinds share it. */
  readonly windowHours: number;
  readonly graphTime: string;
  /** N: the largest number of active linked people within the window. */
  readonly largestActive: number;
  /** Creations dispatched after the initial sync that no approval names. */
  readonly dispatched: ReadonlyArray<DispatchedAt>;
  readonly candidates: ReadonlyArray<{ readonly userId: ObjectId; readonly standing: Standing }>;
  /** The first `SyncCompleted` stands in the log. Before it nothing is held: the initial sync was previewed and started by hand. */
  readonly initialSyncDone: boolean;
};

const reasonOfPlan = (plan: CreationPlan): HoldReason | undefined => {
  const { settings, largestActive } = plan;
  if (!settings.enabled || !plan.initialSyncDone) return undefined;
  const people = new Set(dispatchedInWindow(plan.dispatched, plan.graphTime, plan.windowHours));
  for (const { userId, standing } of plan.candidates) {
    if (standing === 'new' || standing === 'held') people.add(userId);
  }
  // More than the larger of two limits is more than each of them.
  if (people.size <= settings.count || !exceedsShare(people.size, settings.share, largestActive)) return undefined;
  return settings.share * largestActive > settings.count ? 'large-share' : 'count';
};

/**
 * Which creations go out and which wait for a person: so that nesting "All Company" into the scope group does not mail everybody.
 * Held beyond max(`count`, `share` of N) people within the window, once the initial sync is done. Otherwise as for
 * deactivations: the plan that crosses the line holds all of its new ones, held stays held, approved goes out,
 * rejected is neither. The reason is `count` or `large-share`, whichever limit was the larger.
 */
export const decideCreations = (plan: CreationPlan): HoldDecision => {
  const reason = reasonOfPlan(plan);
  const standing = (wanted: Standing) => plan.candidates.filter((candidate) => candidate.standing === wanted);
  const fresh = standing('new');
  return {
    send: inOrder([...standing('approved'), ...(reason === undefined ? fresh : [])]),
    hold: reason === undefined || fresh.length === 0 ? [] : [{ reason, userIds: inOrder(fresh) }],
    stillHeld: inOrder(standing('held')),
  };
};
