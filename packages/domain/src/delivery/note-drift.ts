import type { Draft } from '../evolve/change-by-type.js';
import { without } from './account-shown.js';
import type { DeliveredPerson } from './delivered-person.js';

/** Why an account is parked whose address somebody changed at Learn Amp. */
export const addressChangedByHand = 'address-changed-at-learn-amp';

/**
 * What was changed at Learn Amp is put right by the plan, as the directory has it; but an account with another address may be
 * in another person's hands, so nothing is written over that before a person looked at it or the directory changes. Where two
 * people stood in each other's way, moving one of the accounts is what was asked for.
 */
export const noteDrift = (draft: Draft<DeliveredPerson>, fields: ReadonlyArray<string>): void => {
  if (fields.includes('email') && draft.conflict === undefined)
    draft.parked = { ...draft.parked, ChangeEmail: addressChangedByHand };
};

/** The directory has news of the address, or the account shows another one: what was parked over it is looked at anew. */
export const forgetAddressDrift = (draft: Draft<DeliveredPerson>): void => {
  draft.parked = without(draft.parked, 'ChangeEmail');
};
