import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attributes } from '../attributes.js';
import { standardAttributes } from '../attributes.js';
import type { ObjectId } from '../ids.js';
import { decodePreferences } from '../preferences/decode-preferences.js';
import type { Preferences } from '../preferences/preferences.js';
import { desire } from './desire.js';

const userId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301' as ObjectId;

const preferences = (input: unknown = {}): Preferences => {
  const decoded = decodePreferences(input);
  if (decoded._tag === 'Left') throw new Error(JSON.stringify(decoded.left));
  return decoded.right;
};
const wanted = (attributes: Attributes, input: unknown = {}) =>
  desire(preferences(input), { userId, attributes, accountEnabled: true });

const ann: Attributes = {
  displayName: 'Ann Archer',
  givenName: 'Ann',
  surname: 'Archer',
  userPrincipalName: 'Ann@contoso.com',
  mail: 'ann@contoso.com',
  jobTitle: 'Analyst',
  department: 'Human Resources',
  officeLocation: 'Berlin',
  preferredLanguage: 'de-DE',
  employeeHireDate: '2024-04-01T00:00:00Z',
  userType: 'Member',
};

describe('given the product map', () => {
  test('a whole person becomes a whole account', () => {
    expect(wanted(ann)).toEqual({
      userId,
      email: 'ann@contoso.com',
      noEmail: undefined,
      firstName: 'Ann',
      lastName: 'Archer',
      profile: {
        jobTitle: 'Analyst',
        department: 'Human Resources',
        location: 'Berlin',
        language: 'de',
        hireDate: '2024-04-01',
      },
      team: { key: 'human resources', name: 'Human Resources' },
      customFields: {},
      notes: [],
    });
  });

  test('what the directory never had is absent', () => {
    expect(wanted({ userPrincipalName: 'ann@contoso.com', displayName: 'Ann Archer' }).profile).toEqual({});
  });

  test('what was emptied clears, except names, e-mail and language', () => {
    const emptied = Object.fromEntries(standardAttributes.map((name) => [name, null]));
    expect(wanted({ ...emptied, userPrincipalName: 'ann@contoso.com' })).toMatchObject({
      email: 'ann@contoso.com',
      firstName: undefined,
      lastName: undefined,
      profile: { jobTitle: null, department: null, location: null, hireDate: null },
      team: undefined,
    });
    expect(wanted({ ...emptied }).profile).not.toHaveProperty('language');
    expect(wanted({ ...emptied })).toMatchObject({ email: undefined, noEmail: 'missing' });
  });

  test('with blanks kept, what was emptied is absent', () => {
    const emptied = { ...ann, jobTitle: null, department: null, officeLocation: null, employeeHireDate: null };
    expect(wanted(emptied, { blanks: 'keep' }).profile).toEqual({ language: 'de' });
  });

  test('white space and text in which nothing can be seen count as emptied', () => {
    expect(wanted({ ...ann, jobTitle: ' \u200b', department: '\u0000' })).toMatchObject({
      profile: { jobTitle: null, department: null },
      team: undefined,
    });
  });
});

describe('FC-52: a blank department', () => {
  test.each([null, '', ' ', undefined])('wants no team (%j), so the present one stays', (department) => {
    const attributes = Object.fromEntries(
      Object.entries({ ...ann, department }).filter(([, value]) => value !== undefined),
    );
    expect(wanted(attributes as Attributes).team).toBeUndefined();
  });
  test('clears the field, unless blanks are kept', () => {
    expect(wanted({ ...ann, department: null }).profile.department).toBeNull();
    expect(wanted({ ...ann, department: null }, { blanks: 'keep' }).profile).not.toHaveProperty('department');
  });
});

describe('FC-53: the department field follows the own spelling, the team its key', () => {
  test('two spellings are one team', () => {
    const one = wanted({ ...ann, department: 'Human Resources' });
    const other = wanted({ ...ann, department: 'HUMAN  resources' });
    expect(other.profile.department).toBe('HUMAN  resources');
    expect(other.team).toEqual({ key: one.team?.key, name: 'HUMAN resources' });
  });
});

describe('FC-56: languages', () => {
  test('one that Learn Amp lacks is left alone and told; the rest goes through', () => {
    const person = wanted({ ...ann, preferredLanguage: 'gsw-CH' });
    expect(person.profile).not.toHaveProperty('language');
    expect(person.profile.jobTitle).toBe('Analyst');
    expect(person.notes).toEqual([{ _tag: 'UnmappedLanguage', value: 'gsw-CH' }]);
  });
});

describe('FC-57: hire dates', () => {
  test('the zone of the company decides the day', () => {
    const late = { ...ann, employeeHireDate: '2024-03-31T22:00:00Z' };
    expect(wanted(late).profile.hireDate).toBe('2024-03-31');
    expect(wanted(late, { hireDateTimeZone: 'Europe/Berlin' }).profile.hireDate).toBe('2024-04-01');
  });
  test('the smallest date clears', () => {
    expect(wanted({ ...ann, employeeHireDate: '0001-01-01T00:00:00Z' }).profile.hireDate).toBeNull();
  });
  test('the smallest date has no value: the next attribute of a list speaks', () => {
    const input = { attributes: { hireDate: ['employeeHireDate', 'started'] } };
    const attributes = { ...ann, employeeHireDate: '0001-01-01T00:00:00Z', started: '2020-02-02' };
    expect(wanted(attributes, input).profile.hireDate).toBe('2020-02-02');
  });
  test('one that cannot be read is left alone and told', () => {
    const person = wanted({ ...ann, employeeHireDate: '2024-02-30' });
    expect(person.profile).not.toHaveProperty('hireDate');
    expect(person.notes).toEqual([{ _tag: 'InvalidHireDate' }]);
  });
});

describe('FC-58: names', () => {
  test('missing ones are derived from the display name, and told', () => {
    const person = wanted({ ...ann, givenName: null, surname: null, displayName: 'Boardroom' });
    expect(person).toMatchObject({ firstName: 'Boardroom', lastName: 'Boardroom', notes: [{ _tag: 'DerivedNames' }] });
  });
  test('a mapping that is off derives without telling it of everybody', () => {
    expect(wanted(ann, { attributes: { firstName: null } })).toMatchObject({ firstName: 'Ann', notes: [] });
  });
});

describe('FC-59: ugly text', () => {
  test('is cleaned, cut and told, and never becomes a key', () => {
    const person = wanted({
      ...ann,
      jobTitle: `\u202e${'x'.repeat(300)}`,
      department: '__proto__',
      givenName: 'A\u0000nn',
    });
    expect(person.profile.jobTitle).toBe('x'.repeat(255));
    expect(person.firstName).toBe('Ann');
    expect(person.team).toEqual({ key: '__proto__', name: '__proto__' });
    expect(person.notes).toEqual([{ _tag: 'Shortened', field: 'jobTitle' }]);
  });
});

describe('given a configured map', () => {
  const paths = { attributes: { location: ['city', 'officeLocation'], jobTitle: null, primaryTeam: 'division' } };

  test('a list takes the first attribute that has a value', () => {
    expect(wanted({ ...ann, city: 'Bremen' }, paths).profile.location).toBe('Bremen');
    expect(wanted({ ...ann, city: ' ' }, paths).profile.location).toBe('Berlin');
    expect(wanted({ ...ann, city: null }, paths).profile.location).toBe('Berlin');
  });
  test('a list of which none has a value clears only if one was emptied', () => {
    const homeless = Object.fromEntries(Object.entries(ann).filter(([name]) => name !== 'officeLocation'));
    expect(wanted({ ...homeless, city: null }, paths).profile.location).toBeNull();
    expect(wanted(homeless, paths).profile).not.toHaveProperty('location');
  });
  test('a field that is off is absent', () => {
    expect(wanted({ ...ann, jobTitle: null }, paths).profile).not.toHaveProperty('jobTitle');
  });
  test('the team follows the department unless it is mapped apart', () => {
    expect(wanted({ ...ann, division: 'North' }, paths).team?.name).toBe('North');
    expect(wanted({ ...ann, city: 'Bremen' }, { attributes: { department: 'city' } }).team?.name).toBe('Bremen');
    expect(wanted(ann, { attributes: { primaryTeam: null } })).toMatchObject({
      team: undefined,
      profile: { department: 'Human Resources' },
    });
  });
  test('custom fields stand under their names, by value, null or absence', () => {
    const customFields = {
      employeeId: 'Staff no.',
      'onPremisesExtensionAttributes.extensionAttribute1': 'Cost centre',
      companyName: 'Company',
    };
    const attributes = { ...ann, employeeId: '0042', 'onPremisesExtensionAttributes.extensionAttribute1': null };
    expect(wanted(attributes, { customFields }).customFields).toEqual({ 'Staff no.': '0042', 'Cost centre': null });
    expect(wanted(attributes, { customFields, blanks: 'keep' }).customFields).toEqual({ 'Staff no.': '0042' });
  });
});

const attribute = fc.constantFrom(...standardAttributes, 'city', 'employeeId');
const attributes = fc.dictionary(attribute, fc.option(fc.string({ unit: 'binary' })));
const config = fc.constantFrom(
  {},
  { blanks: 'keep' },
  { attributes: { location: ['city', 'officeLocation'], hireDate: null }, customFields: { employeeId: 'Staff no.' } },
);

test('dropping random attributes never clears anything', () => {
  const cleared = (person: ReturnType<typeof wanted>) =>
    Object.entries({ ...person.profile, ...person.customFields })
      .filter(([, value]) => value === null)
      .map(([field]) => field);
  fc.assert(
    fc.property(attributes, fc.array(attribute), config, (all, dropped, input) => {
      const values = Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== null && value.trim() !== ''),
      );
      fc.pre(cleared(wanted(values, input)).length === 0);
      const rest = Object.fromEntries(Object.entries(values).filter(([name]) => !(dropped as string[]).includes(name)));
      expect(cleared(wanted(rest, input))).toEqual([]);
    }),
  );
});

test('whatever the directory says, desire answers, and always the same', () => {
  fc.assert(
    fc.property(attributes, config, (all, input) => {
      const person = wanted(all, input);
      expect(wanted(all, input)).toEqual(person);
      expect(person.firstName === undefined).toBe(person.lastName === undefined);
      for (const value of Object.values({ ...person.profile, ...person.customFields })) {
        expect(value === null || (value !== '' && value === value.trim())).toBe(true);
      }
      expect(person.profile.language).not.toBeNull();
    }),
    { numRuns: 1000 },
  );
});
