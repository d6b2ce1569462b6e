import { profileFields, type ProfileField, type ProfileValues } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import { isNotKept } from '../delivery/not-kept.js';
import type { DesiredPerson } from '../desired-person.js';
import type { Preferences } from '../preferences/preferences.js';

export type ProfileDifference = { readonly set: ProfileValues; readonly clear: ReadonlyArray<ProfileField> };
export type CustomFieldValue = { readonly name: string; readonly value: string | null };

type Held = Pick<DeliveredPerson, 'profile' | 'customFields' | 'owned'> &
  Partial<Pick<DeliveredPerson, 'refusedLanguage' | 'notKept'>>;

const valueIn = <T>(record: Readonly<Partial<Record<string, T>>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** A value that the directory holds and that cannot be used is no value that was taken away. */
const isUnusable = ({ notes }: DesiredPerson, field: ProfileField): boolean =>
  field === 'hireDate' && notes.some(({ _tag }) => _tag === 'InvalidHireDate');

/** Learn Amp said that it does not take this very language. */
export const isRefusedLanguage = (want: string | null | undefined, held: Held): boolean =>
  typeof want === 'string' && want === held.refusedLanguage;

const shouldClear = (preferences: Preferences, desired: DesiredPerson, held: Held, field: ProfileField): boolean => {
  const want = desired.profile[field];
  const have = held.profile[field];
  if (field === 'language' || preferences.blanks === 'keep' || have === null) return false;
  if (want === null) return true;
  // Never had one, as far as we know: only a value this engine wrote is taken back (somebody who returns without the title
  // they left with), and only while the field is mapped at all.
  const isMapped = preferences.attributes[field].length > 0;
  return want === undefined && held.owned.includes(field) && isMapped && !isUnusable(desired, field);
};

/** What `UpdateProfile` must set and empty so that Learn Amp holds what is desired. The language is never emptied. */
export const profileDifference = (preferences: Preferences, desired: DesiredPerson, held: Held): ProfileDifference => {
  const set: Partial<Record<ProfileField, string>> = {};
  const clear: ProfileField[] = [];
  for (const field of profileFields) {
    const want = desired.profile[field];
    const have = held.profile[field];
    if (isNotKept(held.notKept, field, { want, have })) continue;
    if (typeof want === 'string') {
      const refused = field === 'language' && isRefusedLanguage(want, held);
      if (want !== have && !refused) set[field] = want;
    } else if (shouldClear(preferences, desired, held, field)) clear.push(field);
  }
  return { set, clear };
};

const mappedValue = (
  preferences: Preferences,
  desired: DesiredPerson,
  held: Held,
  name: string,
): ReadonlyArray<CustomFieldValue> => {
  const want = valueIn(desired.customFields, name);
  const have = valueIn(held.customFields, name);
  if (isNotKept(held.notKept, `custom:${name}`, { want, have })) return [];
  if (typeof want === 'string') return want === have ? [] : [{ name, value: want }];
  if (preferences.blanks === 'keep' || have === null) return [];
  const isOurs = held.owned.includes(`custom:${name}`);
  const empties = want === null ? typeof have === 'string' || isOurs : isOurs;
  return empties ? [{ name, value: null }] : [];
};

/** The person's own id, where a custom field is its place: only an empty one is written, a foreign value stays. */
const ownId = (slot: string, desired: DesiredPerson, held: Held): ReadonlyArray<CustomFieldValue> =>
  (valueIn(held.customFields, slot) ?? '') === '' ? [{ name: slot, value: desired.userId }] : [];

/** Custom fields to write: values that differ, and emptied ones. Fields the preferences do not name are not looked at. */
export const customFieldDifference = (
  preferences: Preferences,
  desired: DesiredPerson,
  held: Held,
): ReadonlyArray<CustomFieldValue> => {
  const slot = typeof preferences.externalId === 'object' ? preferences.externalId.customField : undefined;
  const names = [...new Set(Object.values(preferences.customFields))].filter((name) => name !== slot);
  return [
    ...names.flatMap((name) => mappedValue(preferences, desired, held, name)),
    ...(slot === undefined ? [] : ownId(slot, desired, held)),
  ];
};
