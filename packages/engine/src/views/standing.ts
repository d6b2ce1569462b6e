import type { ObjectId, PersonPlan, Preferences } from '@learnamp/directory-sync-domain';
import { planPerson } from '@learnamp/directory-sync-domain';
import type { Attention } from '../directory-sync.js';
import { isIdle, planBasis } from '../deliver/idle.js';
import { planContextOf } from '../deliver/plan-now.js';
import { attentionOf } from '../report.js';
import type { EngineState } from '../state/engine-state.js';

/** Plans these people, and keeps those whose plans are not idle. */
export const planOver = (
  state: EngineState,
  preferences: Preferences,
): ((userId: ObjectId, plans: Map<ObjectId, PersonPlan>) => void) => {
  const context = planContextOf(state, preferences);
  return (userId, plans) => {
    const plan = planPerson(context, userId);
    if (isIdle(context, userId, plan)) plans.delete(userId);
    else plans.set(userId, plan);
  };
};

/** Whoever is not among them has an idle plan. */
export const whoMayNeedAnything = (state: EngineState, preferences: Preferences): Iterable<ObjectId> =>
  state.work.isEverybodyPending(planBasis(preferences)) ? state.everybody() : state.work.pending();

/**
 * Who needs a look, by the plan over the present state: the same answer a cycle would give that has nothing to do. Whoever is
 * not pending has an idle plan, and needs none.
 */
export const standingAttention = (state: EngineState, preferences: Preferences): ReadonlyArray<Attention> => {
  const plans = new Map<ObjectId, PersonPlan>();
  const plan = planOver(state, preferences);
  for (const userId of whoMayNeedAnything(state, preferences)) plan(userId, plans);
  return attentionOf(state, plans, new Set());
};
