import type { ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import { planPerson, scopeDifference } from '@learnamp/directory-sync-domain';
import { isIdle, planBasis } from '../deliver/idle.js';
import { planContextOf } from '../deliver/plan-now.js';
import type { EngineState } from './engine-state.js';

const unplanned = (state: EngineState, preferences: Preferences): ReadonlyArray<ObjectId> => {
  if (state.work.isEverybodyPending(planBasis(preferences))) return [];
  const pending = new Set(state.work.pending());
  const context = planContextOf(state, preferences);
  const found: ObjectId[] = [];
  for (const userId of state.everybody())
    if (!pending.has(userId) && !isIdle(context, userId, planPerson(context, userId))) found.push(userId);
  return found;
};

const unplaced = (state: EngineState): ReadonlyArray<ObjectId> => {
  const { groupId, scopeHold } = state.connection();
  if (groupId === undefined || scopeHold !== undefined || state.work.isEverybodyUnsettled()) return [];
  const { membership, person } = state;
  const reach = membership.reach(groupId);
  const candidates = new Set(membership.usersIn(reach));
  for (const { userId } of state.inScope()) candidates.add(userId);
  const { joining, left } = scopeDifference({ reach, candidates, person, scopeChanged: false });
  const unsettled = new Set(state.work.unsettled());
  return [...joining, ...left.map(({ data }) => data.userId)].filter((userId) => !unsettled.has(userId));
};

/**
 * People for whom something is to be done although nobody noted it: a look at everybody, to check what a cycle does not look
 * at. Nobody, as long as the invariants of `OpenWork` hold.
 */
export const openGaps = (state: EngineState, preferences: Preferences): ReadonlyArray<ObjectId> => [
  ...unplanned(state, preferences),
  ...unplaced(state),
];
