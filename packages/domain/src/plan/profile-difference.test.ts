import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileFields, type ProfileField } from '../commands.js';
import type { DesiredPerson, DesireNote } from '../desired-person.js';
import { defaultPreferences } from '../preferences/default-preferences.js';
import type { Preferences } from '../preferences/preferences.js';
import { ann } from '../testing/company.js';
import { customFieldDifference, profileDifference } from './profile-difference.js';

type Values = Readonly<Record<string, string | null>>;

const desired = (
  profile: Values = {},
  customFields: Values = {},
  notes: ReadonlyArray<DesireNote> = [],
): DesiredPerson => ({
  userId: ann,
  email: 'ann@contoso.com',
  noEmail: undefined,
  firstName: 'Ann',
  lastName: 'Archer',
  profile,
  team: undefined,
  customFields,
  notes,
});
const held = (profile: Values = {}, owned: ReadonlyArray<string> = [], customFields: Values = {}) => ({
  profile,
  owned,
  customFields,
});
const withPreferences = (more: Partial<Preferences> = {}): Preferences => ({ ...defaultPreferences, ...more });
const clear = withPreferences({ blanks: 'clear' });
const keep = withPreferences({ blanks: 'keep' });
const cleared = (preferences: Preferences, want: DesiredPerson, have: ReturnType<typeof held>) =>
  profileDifference(preferences, want, have).clear;

describe('a profile field', () => {
  it('that differs, or was never seen, is set', () => {
    const want = desired({ jobTitle: 'a', department: 'b', location: 'c' });
    expect(profileDifference(clear, want, held({ jobTitle: 'a', department: 'B', location: null })).set).toEqual({
      department: 'b',
      location: 'c',
    });
    expect(profileDifference(clear, desired({ hireDate: '2024-04-01' }), held()).set).toEqual({
      hireDate: '2024-04-01',
    });
  });

  it.each([
    ['holds a value', 'x', true],
    ['was never seen', undefined, true],
    ['is empty', null, false],
  ])('seen emptied in the directory is emptied where it %s', (_, have, clears) => {
    const values = have === undefined ? {} : { jobTitle: have };
    expect(cleared(clear, desired({ jobTitle: null }), held(values))).toEqual(clears ? ['jobTitle'] : []);
    expect(cleared(keep, desired({ jobTitle: null }), held(values))).toEqual([]);
  });

  it('that the directory never had is emptied only where this engine wrote it, and while it is mapped', () => {
    expect(cleared(clear, desired(), held({ jobTitle: 'by hand' }))).toEqual([]);
    expect(cleared(clear, desired(), held({ jobTitle: 'ours' }, ['jobTitle']))).toEqual(['jobTitle']);
    expect(cleared(clear, desired(), held({}, ['jobTitle']))).toEqual(['jobTitle']);
    expect(cleared(clear, desired(), held({ jobTitle: null }, ['jobTitle']))).toEqual([]);
    expect(cleared(keep, desired(), held({ jobTitle: 'ours' }, ['jobTitle']))).toEqual([]);
    const off = withPreferences({ attributes: { ...defaultPreferences.attributes, jobTitle: [] } });
    expect(cleared(off, desired(), held({ jobTitle: 'ours' }, ['jobTitle']))).toEqual([]);
  });

  it('with a date that cannot be read is left alone', () => {
    const have = held({ hireDate: '2024-04-01' }, ['hireDate']);
    expect(cleared(clear, desired({}, {}, [{ _tag: 'InvalidHireDate' }]), have)).toEqual([]);
    expect(cleared(clear, desired(), have)).toEqual(['hireDate']);
  });

  it('language is never emptied, whatever is wanted, held or preferred', () => {
    const value = fc.option(fc.constantFrom('de', null), { nil: undefined });
    fc.assert(
      fc.property(value, value, fc.boolean(), fc.constantFrom(clear, keep), (want, have, isOwned, preferences) => {
        const difference = profileDifference(
          preferences,
          desired(want === undefined ? {} : { language: want }),
          held(have === undefined ? {} : { language: have }, isOwned ? ['language'] : []),
        );
        expect(difference.clear).toEqual([]);
      }),
    );
  });

  it('that was written holds no difference any more', () => {
    const value = fc.constantFrom('a', 'b', null);
    const values = fc.dictionary(fc.constantFrom<ProfileField>(...profileFields), value);
    fc.assert(
      fc.property(
        values,
        values,
        fc.subarray([...profileFields]),
        fc.constantFrom(clear, keep),
        (want, have, owned, preferences) => {
          const written = profileDifference(preferences, desired(want), held(have, owned));
          const emptied = Object.fromEntries(written.clear.map((field) => [field, null]));
          const after = held({ ...have, ...written.set, ...emptied }, [
            ...owned,
            ...Object.keys(written.set),
            ...written.clear,
          ]);
          expect(profileDifference(preferences, desired(want), after)).toEqual({ set: {}, clear: [] });
        },
      ),
    );
  });
});

describe('a custom field', () => {
  const number = { customFields: { employeeId: 'Number' } };
  const difference = (
    preferences: Partial<Preferences>,
    want: Values,
    have: Values = {},
    owned: ReadonlyArray<string> = [],
  ) => customFieldDifference(withPreferences({ ...number, ...preferences }), desired({}, want), held({}, owned, have));

  it('that differs is written; others are not looked at', () => {
    expect(difference({}, { Number: '7' })).toEqual([{ name: 'Number', value: '7' }]);
    expect(difference({}, { Number: '7' }, { Number: '7', Desk: 'x' })).toEqual([]);
    expect(difference({ customFields: {} }, {}, { Number: '7' }, ['custom:Number'])).toEqual([]);
  });

  it('of any name is one like another', () => {
    const customFields = { employeeId: 'constructor' };
    expect(difference({ customFields }, {})).toEqual([]);
    expect(difference({ customFields }, { constructor: '7' })).toEqual([{ name: 'constructor', value: '7' }]);
  });

  it.each([
    ['seen emptied', { Number: null }, { Number: '7' }, [], true],
    ['seen emptied, empty already', { Number: null }, { Number: null }, ['custom:Number'], false],
    ['seen emptied, never there', { Number: null }, {}, [], false],
    ['seen emptied, ours and not known', { Number: null }, {}, ['custom:Number'], true],
    ['never had, by hand', {}, { Number: '7' }, [], false],
    ['never had, ours', {}, { Number: '7' }, ['custom:Number'], true],
  ])('%s', (...[, want, have, owned, clears]) => {
    const expected = clears ? [{ name: 'Number', value: null }] : [];
    expect(difference({ blanks: 'clear' }, want, have, owned)).toEqual(expected);
    expect(difference({ blanks: 'keep' }, want, have, owned)).toEqual([]);
  });

  it("that takes the person's own id is written where it is empty; a foreign value stays", () => {
    const externalId = { customField: 'Entra id' };
    const own = [{ name: 'Entra id', value: ann }];
    expect(difference({ externalId }, {}, {})).toEqual(own);
    expect(difference({ externalId }, {}, { 'Entra id': null })).toEqual(own);
    expect(difference({ externalId }, {}, { 'Entra id': ann })).toEqual([]);
    expect(difference({ externalId }, {}, { 'Entra id': 'HR-4711' })).toEqual([]);
    expect(difference({ externalId, customFields: { employeeId: 'Entra id' } }, { 'Entra id': '7' }, {})).toEqual(own);
  });
});
