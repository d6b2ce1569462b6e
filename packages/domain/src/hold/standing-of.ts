import type { CommandKind } from '../commands.js';
import type { DeliveredPerson, Hold } from '../delivery/delivered-person.js';

const kinds: ReadonlyMap<CommandKind, Hold['kind']> = new Map([
  ['DeactivateUser', 'deactivations'],
  ['CreateUser', 'creations'],
]);

const standingOf = ({ hold }: Pick<DeliveredPerson, 'hold'>, kind: CommandKind): Hold['standing'] | undefined =>
  hold !== undefined && hold.kind === kinds.get(kind) ? hold.standing : undefined;

/** Somebody approved this command of this person, and it was not carried out yet. */
export const isApproved = (delivered: Pick<DeliveredPerson, 'hold'>, kind: CommandKind): boolean =>
  standingOf(delivered, kind) === 'approved';

/** Held as an owner or admin of Learn Amp: an approval of everybody leaves it out. */
export const isHeldByName = ({ hold }: Pick<DeliveredPerson, 'hold'>): boolean =>
  hold?.kind === 'deactivations' && (hold.reason === 'protected' || hold.reason === 'last-owner');

/**
 * It was approved of an owner or admin, whom an approval of everybody leaves out. Somebody who was held for the numbers and
 * turns out to be one was approved by nobody as that.
 */
export const isApprovedByName = (delivered: Pick<DeliveredPerson, 'hold'>, kind: CommandKind): boolean =>
  isApproved(delivered, kind) && isHeldByName(delivered);

/** Neither waits for a decision nor was decided against. Asked at the moment of the dispatch: others decide meanwhile. */
export const mayBeDispatched = (delivered: Pick<DeliveredPerson, 'hold'>, kind: CommandKind): boolean => {
  const standing = standingOf(delivered, kind);
  return standing === undefined || standing === 'approved';
};
