import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attributes } from '../attributes.js';
import type { ObjectId } from '../ids.js';
import { isAddress } from './address.js';
import { emailFrom } from './email.js';

const userId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301' as ObjectId;
const prefix = '3f2504e04f8941d39a0c0305e82c3301';
const email = (attributes: Attributes, from: ReadonlyArray<string> = ['userPrincipalName']) => {
  const found = emailFrom({ userId, attributes, from });
  return found.email ?? found.noEmail;
};

describe('e-mail', () => {
  test('is the mapped attribute in lower case', () => {
    expect(email({ userPrincipalName: ' Ann.Archer@Contoso.COM ', mail: 'other@contoso.com' })).toBe(
      'ann.archer@contoso.com',
    );
  });
  test('comes from the first mapped attribute that holds an address', () => {
    const from = ['extensionAttribute1', 'mail', 'userPrincipalName'];
    expect(email({ extensionAttribute1: 'none', mail: null, userPrincipalName: 'ann@contoso.com' }, from)).toBe(
      'ann@contoso.com',
    );
  });
  test.each([{}, { userPrincipalName: null }, { userPrincipalName: ' ' }, { userPrincipalName: 'ann' }])(
    'is missing for a member with %j',
    (attributes) => {
      expect(email(attributes)).toBe('missing');
    },
  );
  test('an attribute name never reaches the prototype', () => {
    expect(email({}, ['toString'])).toBe('missing');
  });
});

describe('FC-49: guests', () => {
  const userPrincipalName = 'ann_partner.com#EXT#@contoso.onmicrosoft.com';
  test('have the address of their own home', () => {
    expect(email({ userPrincipalName, mail: 'Ann@Partner.com', userType: 'Guest' })).toBe('ann@partner.com');
  });
  test('are known by their principal name alone, too', () => {
    expect(email({ userPrincipalName, mail: 'ann@partner.com', userType: null })).toBe('ann@partner.com');
    expect(email({ userPrincipalName: userPrincipalName.toLowerCase(), mail: 'ann@partner.com' })).toBe(
      'ann@partner.com',
    );
  });
  test('are known by their type alone, too, whatever is mapped', () => {
    const attributes = { userPrincipalName: 'ann@contoso.com', mail: 'ann@partner.com', userType: 'guest' };
    expect(email(attributes, ['userPrincipalName'])).toBe('ann@partner.com');
  });
  test.each([null, undefined, ' ', 'ann', userPrincipalName])('without an address in mail (%j) have none', (mail) => {
    expect(email({ userPrincipalName, userType: 'Guest', ...(mail === undefined ? {} : { mail }) })).toBe(
      'guest-without-address',
    );
  });
});

describe('a deleted account', () => {
  test('has no address in its prefixed principal name', () => {
    expect(email({ userPrincipalName: `${prefix}ann@contoso.com` })).toBe('deleted-account-address');
    expect(email({ userPrincipalName: `${prefix.toUpperCase()}ann@contoso.com` })).toBe('deleted-account-address');
  });
  test('is given no other mapped address instead: it is on its way out', () => {
    expect(
      email({ userPrincipalName: `${prefix}ann@contoso.com`, mail: 'ann@contoso.com' }, ['userPrincipalName', 'mail']),
    ).toBe('deleted-account-address');
  });
  test("somebody else's id is no sign of deletion", () => {
    const upn = `${prefix.replace('3f', '4f')}ann@contoso.com`;
    expect(email({ userPrincipalName: upn })).toBe(upn);
  });
});

test('never an address with #EXT#, never with the own id as prefix, always one that looks like an address', () => {
  const part = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('#EXT#', '#ext#', prefix, '@', 'a@b.co', 'x.com'));
  const value = fc.option(fc.array(part, { maxLength: 5 }).map((parts) => parts.join('')));
  fc.assert(
    fc.property(
      value,
      value,
      fc.constantFrom('Guest', 'Member', null),
      fc.subarray(['userPrincipalName', 'mail']),
      (userPrincipalName, mail, userType, from) => {
        const found = emailFrom({ userId, attributes: { userPrincipalName, mail, userType }, from });
        expect(found.email === undefined).toBe(found.noEmail !== undefined);
        if (found.email === undefined) return;
        expect(isAddress(found.email)).toBe(true);
        expect(found.email).toBe(found.email.toLowerCase());
        expect(found.email.includes('#ext#') || found.email.startsWith(prefix)).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
});

describe('what looks like an address', () => {
  test.each(['ann@contoso.com', "o'hara@contoso.co.uk", 'a+b_c-d.e@x-y.example', 'jörg@bücher.example', 'a#b@c.de'])(
    '%s does',
    (text) => {
      expect(isAddress(text)).toBe(true);
    },
  );
  test.each([
    '',
    '@',
    'ann',
    'ann@',
    '@contoso.com',
    'ann@contoso',
    'ann@@contoso.com',
    'a b@contoso.com',
    'ann@con toso.com',
    'ann@-contoso.com',
    'ann@contoso..com',
    'ann@contoso.com.',
    'Ann <ann@contoso.com>',
    'ann@contoso.com, bob@contoso.com',
    'ann\u202e@contoso.com',
    'ann\n@contoso.com',
    `${'a'.repeat(65)}@contoso.com`,
    `a@${'b'.repeat(250)}.com`,
  ])('%j does not', (text) => {
    expect(isAddress(text)).toBe(false);
  });
  test('a hostile text costs no time', () => {
    expect(isAddress(`a@${'a-'.repeat(100_000)}`)).toBe(false);
    expect(isAddress(`a@${'a.'.repeat(120)}`)).toBe(false);
    expect(isAddress(`a@${'a-'.repeat(120)}.`)).toBe(false);
  });
});
