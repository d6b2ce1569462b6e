import { profileFields, type Identity, type ProfileField, type ProfileValues } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import type { Preferences } from '../preferences/preferences.js';

export type ProfileDifference = { readonly set: ProfileValues; readonly clear: ReadonlyArray<ProfileField> };

const mayClear = (preferences: Preferences, field: ProfileField): boolean =>
  preferences.blanks === 'clear' && field !== 'language' && preferences.attributes[field].length > 0;

const shouldClear = (
  preferences: Preferences,
  desired: DesiredPerson,
  delivered: DeliveredPerson,
  field: ProfileField,
): boolean => {
  const want = desired.profile[field];
  const have = delivered.profile[field];
  if (want === null) return have !== null;
  // Never had one, as far as we know: only a value this engine wrote is taken back (a returner whose title was emptied meanwhile).
  return want === undefined && typeof have === 'string' && delivered.owned.includes(field) && mayClear(preferences, field);
};

/** What `UpdateProfile` must set and empty so that Learn Amp holds what is desired. */
export const profileDifference = (
  preferences: Preferences,
  desired: DesiredPerson,
  delivered: DeliveredPerson,
): ProfileDifference => {
  const set: Partial<Record<ProfileField, string>> = {};
  const clear: ProfileField[] = [];
  for (const field of profileFields) {
    const want = desired.profile[field];
    if (typeof want === 'string') {
      if (want !== delivered.profile[field]) set[field] = want;
    } else if (shouldClear(preferences, desired, delivered, field)) clear.push(field);
  }
  return { set, clear };
};

/** Custom fields to write: values that differ, and emptied ones. Fields the preferences do not name are not looked at. */
export const customFieldDifference = (
  preferences: Preferences,
  desired: DesiredPerson,
  delivered: DeliveredPerson,
): ReadonlyArray<{ readonly name: string; readonly value: string | null }> => {
  const slot = preferences.externalId;
  const wanted: Readonly<Record<string, string | null>> =
    typeof slot === 'object' ? { ...desired.customFields, [slot.customField]: desired.userId } : desired.customFields;
  const names = new Set([...Object.keys(wanted), ...Object.values(preferences.customFields)]);
  return [...names].flatMap((name): ReadonlyArray<{ readonly name: string; readonly value: string | null }> => {
    const want = wanted[name];
    const have = delivered.customFields[name];
    if (typeof want === 'string') return want === have ? [] : [{ name, value: want }];
    if (want === null) return have === null || have === undefined ? [] : [{ name, value: null }];
    const ours = delivered.owned.includes(`custom:${name}`) && typeof have === 'string' && preferences.blanks === 'clear';
    return ours ? [{ name, value: null }] : [];
  });
};

/** The three fields every update carries: what Learn Amp holds, except where the command changes them. */
export const identityAt = (delivered: DeliveredPerson, desired: DesiredPerson): Identity => ({
  email: delivered.email ?? desired.email ?? '',
  firstName: delivered.firstName ?? desired.firstName ?? '',
  lastName: delivered.lastName ?? desired.lastName ?? '',
});
