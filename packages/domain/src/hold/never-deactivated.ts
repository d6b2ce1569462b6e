import type { ObjectId } from '../ids.js';
import type { Preferences } from '../preferences/preferences.js';

/**
 * Whether the company named this person as one never to be deactivated, by object id or by an address. `addresses` are all that
 * are known of the person, at Learn Amp and in the directory; case is no difference. An entry that stands as a keyed hash (as in
 * the log) matches the same hash among `addresses`.
 */
export const isNeverDeactivated = (
  preferences: Pick<Preferences, 'neverDeactivate'>,
  userId: ObjectId,
  addresses: ReadonlyArray<string>,
): boolean => {
  const names = new Set<string>([userId, ...addresses, ...addresses.map((address) => address.trim().toLowerCase())]);
  return preferences.neverDeactivate.some((entry) => names.has(entry));
};
