import type { ObjectId, PersonPlan, Preferences } from '@learnamp/directory-sync-domain';
import { planPerson } from '@learnamp/directory-sync-domain';
import type { Attention } from '../directory-sync.js';
import { isIdle, planBasis } from '../deliver/idle.js';
import { planContextOf } from '../deliver/plan-now.js';
import { attentionOf } from '../report.js';
import type { EngineState } from '../state/engine-state.js';

/**
 * Who needs a look, by the plan over the present state: the same answer a cycle would give that has nothing to do. Whoever is
 * not pending has an idle plan, and needs none.
 */
export const standingAttention = (state: EngineState, preferences: Preferences): ReadonlyArray<Attention> => {
  const context = planContextOf(state, preferences);
  const plans = new Map<ObjectId, PersonPlan>();
  const { work } = state;
  const userIds = work.isEverybodyPending(planBasis(preferences)) ? state.everybody() : work.pending();
  for (const userId of userIds) {
    const plan = planPerson(context, userId);
    if (!isIdle(context, userId, plan)) plans.set(userId, plan);
  }
  return attentionOf(state, plans, new Set());
};
