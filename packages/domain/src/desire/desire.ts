import type { Attributes } from '../attributes.js';
import type { ProfileField } from '../commands.js';
import { profileFields } from '../commands.js';
import type { DesiredPerson, DesireNote, PersonFacts } from '../desired-person.js';
import type { MappedField, Preferences } from '../preferences/preferences.js';
import { cleanText } from './clean-text.js';
import { emailFrom } from './email.js';
import { foldLanguage } from './fold-language.js';
import { hireDateIn } from './hire-date.js';
import { namesFrom } from './names.js';
import { teamKeyOf } from './team-key.js';

/** A value, `null` where the directory was seen to empty it, `undefined` where it says nothing that can be used. */
type Reading = { readonly value: string | null | undefined; readonly notes: ReadonlyArray<DesireNote> };
type Read = (raw: string, field: string) => Reading;

const asText: Read = (raw, field) => {
  const { text, shortened } = cleanText(raw);
  return { value: text === '' ? null : text, notes: shortened ? [{ _tag: 'Shortened', field }] : [] };
};

const asTeamName: Read = (raw, field) => {
  const { value, notes } = asText(raw.replace(/[\s\u0085]+/gu, ' '), field);
  return { value, notes };
};

const asLanguage: Read = (raw) => {
  const { text } = cleanText(raw, 64);
  if (text === '') return { value: null, notes: [] };
  const code = foldLanguage(text);
  return { value: code, notes: code === undefined ? [{ _tag: 'UnmappedLanguage', value: text }] : [] };
};

const asHireDate =
  (timeZone: string): Read =>
  (raw) => {
    const { text } = cleanText(raw);
    const value = text === '' ? null : hireDateIn(timeZone, text);
    return { value, notes: value === undefined ? [{ _tag: 'InvalidHireDate' }] : [] };
  };

/**
 * The first attribute of the list that has a value speaks, also where it cannot be used; `null` where none has one and at
 * least one was emptied. What an attribute reads as `null` (blank, or a date that means "not set") has no value.
 */
const pick = (attributes: Attributes, names: ReadonlyArray<string>, read: (raw: string) => Reading): Reading => {
  let emptied = false;
  for (const name of names) {
    const raw = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (raw === undefined) continue;
    const reading = raw === null ? undefined : read(raw);
    if (reading !== undefined && reading.value !== null) return reading;
    emptied = true;
  }
  return { value: emptied ? null : undefined, notes: [] };
};

/** Names whose mapping is on and that the person lacks are told: somebody may want to correct the directory. */
const isDerived = (preferences: Preferences, field: MappedField, given: string | undefined): boolean =>
  given === undefined && preferences.attributes[field].length > 0;

/**
 * What Learn Amp should hold of one person in scope, from their own facts and the company's preferences. Pure and total:
 * ugly text, an odd language or an impossible date costs that field alone, and says so in `notes`.
 *
 * Names, e-mail and language are never cleared. `null` in `profile` and `customFields` means "seen emptied" and clears;
 * with `blanks: 'keep'` it does not appear. A field that is off, or that the directory never had, is absent.
 */
export const desire = (preferences: Preferences, person: PersonFacts): DesiredPerson => {
  const { attributes } = person;
  const of = (field: MappedField, read: Read): Reading =>
    pick(attributes, preferences.attributes[field], (raw) => read(raw, field));
  const clears = preferences.blanks === 'clear';
  const kept = ({ value }: Reading): boolean => value !== undefined && (value !== null || clears);

  const given = of('firstName', asText);
  const family = of('lastName', asText);
  const shown = pick(attributes, ['displayName'], (raw) => asText(raw, 'displayName'));
  const sources = {
    givenName: given.value ?? undefined,
    surname: family.value ?? undefined,
    displayName: shown.value ?? undefined,
  };
  const derived =
    isDerived(preferences, 'firstName', sources.givenName) || isDerived(preferences, 'lastName', sources.surname);

  const readers: Readonly<Record<ProfileField, Read>> = {
    jobTitle: asText,
    department: asText,
    location: asText,
    language: asLanguage,
    hireDate: asHireDate(preferences.hireDateTimeZone),
  };
  const profile = profileFields.map((field) => [field, of(field, readers[field])] as const);
  const custom = Object.entries(preferences.customFields).map(
    ([attribute, name]) => [name, pick(attributes, [attribute], (raw) => asText(raw, name))] as const,
  );

  const team = of('primaryTeam', asTeamName);
  const key = typeof team.value === 'string' ? teamKeyOf(team.value) : undefined;

  return {
    userId: person.userId,
    ...emailFrom({ userId: person.userId, attributes, from: preferences.attributes.email }),
    ...namesFrom(sources),
    profile: Object.fromEntries(
      profile
        .filter(([field, reading]) => kept(reading) && !(field === 'language' && reading.value === null))
        .map(([field, { value }]) => [field, value]),
    ),
    team: typeof team.value === 'string' && key !== undefined ? { key, name: team.value } : undefined,
    customFields: Object.fromEntries(
      custom.filter(([, reading]) => kept(reading)).map(([name, { value }]) => [name, value ?? null]),
    ),
    notes: [
      ...given.notes,
      ...family.notes,
      ...(derived ? [{ _tag: 'DerivedNames' } as const] : []),
      ...profile.flatMap(([, { notes }]) => notes),
      ...team.notes,
      ...custom.flatMap(([, { notes }]) => notes),
    ],
  };
};
