import type { CommandOf } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { LearnAmpUserId } from '../ids.js';
import { isNeverDeactivated } from '../hold/never-deactivated.js';
import { nothing, type PersonPlan } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { isRefused } from './refused.js';

/**
 * A deactivation that may be sent if the hold allows it: for a linked, active account of somebody who left and whose leave
 * was confirmed (once, and once more for each round of grace), or who is blocked where the company asked for that.
 */
export const planLeaver = (
  context: PlanContext,
  person: DirectoryPerson,
  delivered: DeliveredPerson,
  learnAmpUserId: LearnAmpUserId,
): PersonPlan => {
  const { userId } = person;
  if (delivered.gone || delivered.status === 'deactivated') return nothing;
  const { leave } = person;
  if (!person.inScope) {
    if (leave === undefined) return nothing;
    if (leave.confirmations === 0)
      return leave.because === undefined
        ? nothing
        : { ...nothing, notes: [{ userId, kind: 'leave-unconfirmed', reason: leave.because }] };
    if (leave.confirmations <= context.preferences.graceRounds) return nothing;
  }
  const addresses = [person.attributes.userPrincipalName, person.attributes.mail, delivered.email].filter(
    (address) => typeof address === 'string',
  );
  if (isNeverDeactivated(context.preferences, userId, addresses))
    return { ...nothing, notes: [{ userId, kind: 'protected', reason: 'never-deactivate' }] };
  const leaver: CommandOf<'DeactivateUser'> = {
    kind: 'DeactivateUser',
    userId,
    learnAmpUserId,
    reason: person.inScope ? 'disabled' : leave?.reason === 'deleted' ? 'deleted' : 'left_scope',
  };
  return isRefused(delivered, leaver) ? nothing : { ...nothing, leaver };
};
