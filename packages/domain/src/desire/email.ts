import type { Attributes } from '../attributes.js';
import type { DesiredEmail } from '../desired-person.js';
import { isDeletedAccountName } from '../directory/deleted-account-name.js';
import type { ObjectId } from '../ids.js';
import { isAddress } from './address.js';

export type EmailSources = {
  readonly userId: ObjectId;
  readonly attributes: Attributes;
  /** The attributes to try in order, from the preferences. */
  readonly from: ReadonlyArray<string>;
};

const valueOf = (attributes: Attributes, name: string): string | undefined => {
  const value = Object.hasOwn(attributes, name) ? attributes[name]?.trim() : undefined;
  return value === '' ? undefined : value;
};

const isExternal = (text: string | undefined): boolean => text !== undefined && /#ext#/i.test(text);

/** Guests have their own home's address in `mail`; their user principal name is made up by the inviting tenant. */
const isGuest = (attributes: Attributes): boolean =>
  valueOf(attributes, 'userType')?.toLowerCase() === 'guest' || isExternal(valueOf(attributes, 'userPrincipalName'));

/**
 * The address an account should have, in lower case. A guest's comes from `mail`, whatever is mapped. Never taken: an
 * address with `#EXT#`, and text that cannot be an address. A mapped address that is what a deleted account's principal
 * name becomes (its own object id without dashes as prefix) says that the account is on its way out: none is read from it,
 * or whoever is deleted would be given another address first.
 */
export const emailFrom = ({ userId, attributes, from }: EmailSources): DesiredEmail => {
  const guest = isGuest(attributes);
  const candidates = (guest ? ['mail'] : from).flatMap((name) => valueOf(attributes, name)?.toLowerCase() ?? []);
  const ofDeleted = (address: string): boolean => isDeletedAccountName(userId, address);
  if (candidates.some(ofDeleted)) return { email: undefined, noEmail: 'deleted-account-address' };
  const email = candidates.find((address) => isAddress(address) && !isExternal(address));
  if (email !== undefined) return { email, noEmail: undefined };
  return { email: undefined, noEmail: guest ? 'guest-without-address' : 'missing' };
};
