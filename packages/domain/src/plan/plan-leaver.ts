import type { CommandOf } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import { isNeverDeactivated } from '../hold/never-deactivated.js';
import type { LearnAmpUserId } from '../ids.js';
import { nothing, type PersonPlan } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { sendable } from './sendable.js';

/** `undefined`: a second read has agreed as often as it has to. */
const unconfirmed = (context: PlanContext, { userId, leave }: DirectoryPerson): PersonPlan | undefined => {
  if (leave === undefined) return nothing;
  if (leave.because !== undefined)
    return { ...nothing, notes: [{ userId, kind: 'leave-unconfirmed', reason: leave.because }] };
  return leave.confirmations > context.preferences.graceRounds ? undefined : nothing;
};

const isProtected = (
  context: PlanContext,
  { userId, attributes }: DirectoryPerson,
  { email }: DeliveredPerson,
): boolean => {
  const known = [attributes.userPrincipalName, attributes.mail, email];
  const addresses = known.filter((address) => typeof address === 'string');
  const hashes = addresses.flatMap((address) => context.hashed?.(address.trim().toLowerCase()) ?? []);
  return isNeverDeactivated(context.preferences, userId, [...addresses, ...hashes]);
};

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
  const { userId, inScope, leave } = person;
  if (delivered.gone || delivered.status === 'deactivated') return nothing;
  const open = inScope ? undefined : unconfirmed(context, person);
  if (open !== undefined) return open;
  if (isProtected(context, person, delivered))
    return { ...nothing, notes: [{ userId, kind: 'protected', reason: 'never-deactivate' }] };
  const left = leave?.reason === 'deleted' ? 'deleted' : 'left_scope';
  const leaver: CommandOf<'DeactivateUser'> = {
    kind: 'DeactivateUser',
    userId,
    learnAmpUserId,
    reason: inScope ? 'disabled' : left,
  };
  const { commands, notes } = sendable(context, delivered, [leaver], () => true);
  // Whoever waits for an approval is reported as held, not for what Learn Amp said before.
  const held = delivered.hold?.standing === 'held';
  return { ...nothing, leaver: commands.length > 0 ? leaver : undefined, notes: held ? [] : notes };
};
