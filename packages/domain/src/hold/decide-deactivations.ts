import type { HoldReason } from '../events/delivery-events.js';
import type { ObjectId } from '../ids.js';
import type { DeactivationHold } from '../preferences/preferences.js';
import type { DispatchedAt } from './window.js';
import { dispatchedInWindow, exceedsShare, inOrder } from './window.js';

/** `new`: planned now, never held before. The others: what the log says stands for this person. */
export type Standing = 'new' | 'held' | 'approved' | 'rejected';

export type DeactivationCandidate = {
  readonly userId: ObjectId;
  /** `protected`: owner or admin at Learn Amp. `last-owner`: the only active owner. */
  readonly protection: 'none' | 'protected' | 'last-owner';
  readonly standing: Standing;
};

export type DeactivationPlan = {
  readonly settings: DeactivationHold;
  /** The `Date` of the Graph answer that closed the round, as an ISO timestamp: the only clock of the hold. */
  readonly graphTime: string;
  /** N: the largest number of active linked people within the window. */
  readonly largestActive: number;
  /** Deactivations dispatched that no approval names; older ones than the window are ignored. */
  readonly dispatched: ReadonlyArray<DispatchedAt>;
  /** Confirmed leavers, each once. Nobody on `neverDeactivate` is among them. */
  readonly candidates: ReadonlyArray<DeactivationCandidate>;
  /** Nobody would be left in scope. */
  readonly scopeEmpty: boolean;
  readonly scopeGroup: 'ok' | 'deleted' | 'unreadable' | 'changed';
};

export type HoldDecision = {
  readonly send: ReadonlyArray<ObjectId>;
  /** To be held from now on, by reason: each is recorded once. */
  readonly hold: ReadonlyArray<{ readonly reason: HoldReason; readonly userIds: ReadonlyArray<ObjectId> }>;
  /** Held already, and still. */
  readonly stillHeld: ReadonlyArray<ObjectId>;
};

const scopeGroupReasons: Readonly<Record<DeactivationPlan['scopeGroup'], HoldReason | undefined>> = {
  ok: undefined,
  deleted: 'scope-group-deleted',
  unreadable: 'scope-group-unreadable',
  changed: 'scope-group-changed',
};

/** Why this plan as a whole waits, the most specific reason first. `undefined`: it may go out. */
const reasonOfPlan = (plan: DeactivationPlan): HoldReason | undefined => {
  const { settings, largestActive } = plan;
  const ofGroup = scopeGroupReasons[plan.scopeGroup];
  if (ofGroup !== undefined || !settings.enabled) return ofGroup;
  if (plan.scopeEmpty && largestActive >= 2) return 'scope-empty';
  const people = new Set(dispatchedInWindow(plan.dispatched, plan.graphTime, settings.windowHours));
  for (const { userId, protection, standing } of plan.candidates) {
    if (protection === 'none' && (standing === 'new' || standing === 'held')) people.add(userId);
  }
  if (people.size >= settings.count) return 'count';
  if (people.size >= settings.smallShareFrom && exceedsShare(people.size, settings.smallShare, largestActive)) {
    return 'small-share';
  }
  if (people.size >= settings.largeShareFrom && exceedsShare(people.size, settings.largeShare, largestActive)) {
    return 'large-share';
  }
  return undefined;
};

/** Why this one person's deactivation waits. An approval names people, owners and admins included; the last owner it cannot free. */
const reasonOf = (
  { protection, standing }: DeactivationCandidate,
  ofPlan: HoldReason | undefined,
): HoldReason | undefined => {
  if (protection === 'last-owner') return 'last-owner';
  if (standing === 'approved') return undefined;
  return protection === 'protected' ? 'protected' : ofPlan;
};

/**
 * Which deactivations go out and which wait for a person.
 *
 * D is the number of people whose deactivation was dispatched within the window or is planned (new or held), whom no approval
 * names; rejected ones, owners and admins are not in it. The plan is held when D >= `count`, when D >= `largeShareFrom` and D is
 * more than `largeShare` of N, when D >= `smallShareFrom` and D is more than `smallShare` of N, when the scope would become empty
 * while N >= 2, or when the scope group was deleted, became unreadable or was changed. Guarantees:
 * - the plan that crosses the line holds all of its new deactivations, not the surplus;
 * - owners and admins are held alone, and never bring the line nearer for others;
 * - what is held stays held, whatever the sums say; an approved person goes out whatever they say; the last owner never does;
 * - a rejected person is neither sent nor held;
 * - `settings.enabled: false` leaves owners, admins and the state of the scope group as the only reasons;
 * - the order of candidates is irrelevant, and one more candidate never sets another one free.
 */
export const decideDeactivations = (plan: DeactivationPlan): HoldDecision => {
  const ofPlan = reasonOfPlan(plan);
  const open = plan.candidates.filter(({ standing }) => standing === 'new' || standing === 'approved');
  const byReason = new Map<HoldReason, DeactivationCandidate[]>();
  const free: DeactivationCandidate[] = [];
  for (const candidate of open) {
    const reason = reasonOf(candidate, ofPlan);
    if (reason === undefined) {
      free.push(candidate);
      continue;
    }
    const held = byReason.get(reason) ?? [];
    held.push(candidate);
    byReason.set(reason, held);
  }
  return {
    send: inOrder(free),
    hold: [...byReason]
      .map(([reason, held]) => ({ reason, userIds: inOrder(held) }))
      .sort((left, right) => (left.reason < right.reason ? -1 : 1)),
    stillHeld: inOrder(plan.candidates.filter(({ standing }) => standing === 'held')),
  };
};
