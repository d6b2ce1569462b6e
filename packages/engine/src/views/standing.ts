import type { ObjectId, PersonPlan, Preferences } from '@learnamp/directory-sync-domain';
import { planPerson } from '@learnamp/directory-sync-domain';
import type { Attention } from '../directory-sync.js';
import { planContextOf } from '../deliver/plan-now.js';
import { attentionOf } from '../report.js';
import type { EngineState } from '../state/engine-state.js';

/** Who needs a look, by the plan over the present state: the same answer a cycle would give that has nothing to do. */
export const standingAttention = (state: EngineState, preferences: Preferences): ReadonlyArray<Attention> => {
  const context = planContextOf(state, preferences);
  const plans = new Map<ObjectId, PersonPlan>();
  for (const { userId } of state.people()) plans.set(userId, planPerson(context, userId));
  return attentionOf(state, plans, new Set());
};
