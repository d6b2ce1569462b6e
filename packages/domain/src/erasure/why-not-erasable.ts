import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';

/**
 * Why somebody's data has to stay for now.
 * - `in-scope`: is in the group, and would come back with the next round.
 * - `under-way`: a command went out and it is not known what came of it, so there may be an account nobody knows of.
 * - `held`, `kept`: the deactivation waits for an approval, or was refused one.
 * - `active`: the account was not deactivated yet. Without the data nobody would deactivate it any more.
 */
export type NotErasable = 'in-scope' | 'under-way' | 'held' | 'kept' | 'active';

const hasActiveAccount = ({ link, gone, status }: DeliveredPerson): boolean =>
  link !== undefined && !gone && status !== 'deactivated';

/** `undefined`: this person's data may be erased; nothing is left to be done at Learn Amp. */
export const whyNotErasable = (
  person: Pick<DirectoryPerson, 'inScope'>,
  delivered: DeliveredPerson,
): NotErasable | undefined => {
  if (person.inScope) return 'in-scope';
  if (delivered.createUncertain || Object.keys(delivered.unknown).length > 0) return 'under-way';
  if (!hasActiveAccount(delivered)) return undefined;
  if (delivered.hold?.kind !== 'deactivations') return 'active';
  if (delivered.hold.standing === 'held') return 'held';
  return delivered.hold.standing === 'rejected' ? 'kept' : 'active';
};

/** Left for good as far as this engine goes: nothing is wanted of Learn Amp any more, and personal data is still here. */
export const isSettledLeaver = (person: DirectoryPerson, delivered: DeliveredPerson): boolean =>
  person.everInScope && !person.erased && whyNotErasable(person, delivered) === undefined;
