import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../preferences/default-preferences.js';
import { ann } from '../testing/company.js';
import { wholeProfile } from '../testing/made-observations.js';
import { isAddress } from './address.js';
import { cleanText } from './clean-text.js';
import { desire } from './desire.js';
import { foldLanguage } from './fold-language.js';

const wanted = (attributes: Parameters<typeof desire>[1]['attributes']) =>
  desire(defaultPreferences, {
    userId: ann,
    attributes: { ...wholeProfile('Ann'), ...attributes },
    accountEnabled: true,
  });

describe('what is as long as may be', () => {
  it('is an address, and one more is none', () => {
    const address = (length: number) => `a@${'b'.repeat(length - 6)}.com`;
    expect([isAddress(address(254)), isAddress(address(255))]).toEqual([true, false]);
    expect([isAddress('@contoso.com'), isAddress('a@contoso.com')]).toEqual([false, true]);
  });

  it('is a text, and one more is cut', () => {
    expect(cleanText('abc', 3)).toEqual({ text: 'abc', shortened: false });
    expect(cleanText('abcd', 3)).toEqual({ text: 'abc', shortened: true });
  });

  it('is looked for among the languages; what is longer is none', () => {
    const tag = (length: number) => `de-${'abcdefg-'.repeat(10)}`.slice(0, length);
    expect([foldLanguage(tag(10)), foldLanguage(tag(65))]).toEqual(['de', undefined]);
    expect(foldLanguage('1-de')).toBeUndefined();
  });
});

describe('what is blank', () => {
  it('is no language, and no language that Learn Amp lacks', () => {
    const { profile, notes } = wanted({ preferredLanguage: '  ' });
    expect([profile.language, notes]).toEqual([undefined, []]);
  });

  it('is no address, and the next attribute speaks', () => {
    expect(wanted({ userPrincipalName: '  ' })).toMatchObject({ email: undefined, noEmail: 'missing' });
  });

  it('is no hire date', () => {
    const { profile, notes } = wanted({ employeeHireDate: '  ' });
    expect([profile.hireDate, notes]).toEqual([null, []]);
  });

  it('is no team', () => {
    expect(wanted({ department: '  ' }).team).toBeUndefined();
    expect(wanted({ department: 'Sales' }).team).toEqual({ key: 'sales', name: 'Sales' });
  });
});

it('one name that is missing is told as two are', () => {
  const derived = [{ _tag: 'DerivedNames' }];
  expect(wanted({ givenName: null }).notes).toEqual(derived);
  expect(wanted({ surname: null }).notes).toEqual(derived);
  expect(wanted({}).notes).toEqual([]);
});

it('a guest is known by the type, however it is written', () => {
  const guest = { userType: ' GUEST ', mail: 'ann@home.example' };
  expect(wanted(guest).email).toBe('ann@home.example');
});
