import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePreferences, decodeStoredPreferences } from './decode-preferences.js';
import { defaultPreferences } from './default-preferences.js';
import { encodePreferences } from './encode-preferences.js';
import { mappedAttributes } from './mapped-attributes.js';
import type { Preferences } from './preferences.js';
import { mappedFields } from './preferences.js';

const decoded = (input: unknown): Preferences => {
  const result = decodePreferences(input);
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};
const mistakes = (input: unknown, path?: string): ReadonlyArray<string> => {
  const result = decodePreferences(input, path);
  return E.isLeft(result) ? result.left.map((one) => `${one.path}: ${one.message}`) : [];
};
const pathsOf = (input: unknown) => mistakes(input).map((one) => one.slice(0, one.indexOf(': ')));

describe('what is not configured', () => {
  test('takes the defaults', () => {
    expect(decoded(undefined)).toEqual(defaultPreferences);
    expect(decoded({})).toEqual(defaultPreferences);
    expect(decoded({ blanks: undefined, attributes: {}, deactivationHold: {} })).toEqual(defaultPreferences);
  });
  test('takes them within a hold, too', () => {
    expect(decoded({ deactivationHold: { count: 10 } }).deactivationHold).toEqual({
      ...defaultPreferences.deactivationHold,
      count: 10,
    });
  });
});

describe('attributes', () => {
  test('are merged over the product map: one, a list, or off', () => {
    const input = { attributes: { location: 'city', language: null, email: ['mail', 'userPrincipalName'] } };
    expect(decoded(input).attributes).toEqual({
      ...defaultPreferences.attributes,
      location: ['city'],
      language: [],
      email: ['mail', 'userPrincipalName'],
    });
  });
  test('the primary team follows the department unless it is given', () => {
    expect(decoded({ attributes: { department: 'division' } }).attributes.primaryTeam).toEqual(['division']);
    expect(decoded({ attributes: { department: null } }).attributes.primaryTeam).toEqual([]);
    const apart = decoded({ attributes: { department: 'division', primaryTeam: 'city' } }).attributes;
    expect([apart.department, apart.primaryTeam]).toEqual([['division'], ['city']]);
    expect(decoded({ attributes: { primaryTeam: null } }).attributes).toMatchObject({
      department: ['department'],
      primaryTeam: [],
    });
  });
  test('an attribute named twice in a list stands once', () => {
    expect(decoded({ attributes: { location: ['city', 'city', 'state'] } }).attributes.location).toEqual([
      'city',
      'state',
    ]);
  });
  test.each(['', ' ', 'a b', '.a', 'a..b', '__proto__', 'constructor', 'a.constructor', "city'", 'a/b', 1, true, {}])(
    'the name %j is refused',
    (name) => {
      expect(pathsOf({ attributes: { location: name } })).toEqual(['preferences.attributes.location']);
      expect(pathsOf({ attributes: { location: ['city', name] } })).toEqual(['preferences.attributes.location[1]']);
    },
  );
  test('e-mail cannot be switched off', () => {
    expect(mistakes({ attributes: { email: null } })).toEqual([
      'preferences.attributes.email: must be a Graph attribute or a list of them: an account cannot be made without an e-mail',
    ]);
    expect(pathsOf({ attributes: { email: [] } })).toEqual(['preferences.attributes.email']);
  });
});

describe('custom fields', () => {
  test('map Graph attributes to names', () => {
    const customFields = {
      employeeId: ' Staff no. ',
      'onPremisesExtensionAttributes.extensionAttribute1': 'Cost centre',
    };
    expect(decoded({ customFields }).customFields).toEqual({
      employeeId: 'Staff no.',
      'onPremisesExtensionAttributes.extensionAttribute1': 'Cost centre',
    });
  });
  test.each([
    [{ employeeId: '' }, 'preferences.customFields.employeeId'],
    [{ employeeId: null }, 'preferences.customFields.employeeId'],
    [{ employeeId: 'a\u0000b' }, 'preferences.customFields.employeeId'],
    [{ employeeId: '__proto__' }, 'preferences.customFields.employeeId'],
    [{ 'employee id': 'Staff no.' }, 'preferences.customFields["employee id"]'],
    [{ constructor: 'Staff no.' }, 'preferences.customFields.constructor'],
    [{ city: 'Town', employeeId: 'Town' }, 'preferences.customFields.employeeId'],
    [['employeeId'], 'preferences.customFields'],
  ])('%j is refused', (customFields, path) => {
    expect(pathsOf({ customFields })).toEqual([path]);
  });
  test('the field that carries the external id cannot be fed by an attribute', () => {
    expect(pathsOf({ customFields: { employeeId: 'Entra' }, externalId: { customField: 'Entra' } })).toEqual([
      'preferences.externalId.customField',
    ]);
  });
});

describe('people who are never deactivated', () => {
  test('are object ids, or addresses in lower case, each once and in one order', () => {
    const guid = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
    expect(decoded({ neverDeactivate: ['Boss@Contoso.com', guid, ' boss@contoso.com '] }).neverDeactivate).toEqual([
      guid.toLowerCase(),
      'boss@contoso.com',
    ]);
  });
  test('anything else is refused without being quoted', () => {
    expect(mistakes({ neverDeactivate: ['boss@contoso.com', 'the boss', ''] })).toEqual([
      'preferences.neverDeactivate[1]: must be an object id (a GUID) or an e-mail address',
      'preferences.neverDeactivate[2]: must be an object id (a GUID) or an e-mail address',
    ]);
  });
});

describe('each value', () => {
  test.each([
    [{ invitations: 'now' }, 'preferences.invitations: must be one of "immediate", "manual", "hire-date"'],
    [{ assignOverrideManagers: 'yes' }, 'preferences.assignOverrideManagers: must be true or false'],
    [{ syncPhotos: 1 }, 'preferences.syncPhotos: must be true or false'],
    [{ adoptByEmail: null }, 'preferences.adoptByEmail: must be true or false'],
    [{ deactivateBlockedAccounts: 'false' }, 'preferences.deactivateBlockedAccounts: must be true or false'],
    [{ clearRemovedPhotos: 0 }, 'preferences.clearRemovedPhotos: must be true or false'],
    [{ blanks: '' }, 'preferences.blanks: must be one of "clear", "keep"'],
    [{ graceRounds: -1 }, 'preferences.graceRounds: must be a whole number, 0 or more'],
    [{ graceRounds: 1.5 }, 'preferences.graceRounds: must be a whole number, 0 or more'],
    [{ graceRounds: '1' }, 'preferences.graceRounds: must be a whole number, 0 or more'],
    [
      { hireDateTimeZone: 'Mars/Olympus' },
      'preferences.hireDateTimeZone: must be an IANA time zone, such as `UTC` or `Europe/Berlin`',
    ],
    [
      { hireDateTimeZone: '+02:00' },
      'preferences.hireDateTimeZone: must be an IANA time zone, such as `UTC` or `Europe/Berlin`',
    ],
    [
      { hireDateTimeZone: '' },
      'preferences.hireDateTimeZone: must be an IANA time zone, such as `UTC` or `Europe/Berlin`',
    ],
    [
      { externalId: 'id' },
      'preferences.externalId: must be "integrationExternalId", "none" or { "customField": NAME }',
    ],
    [
      { externalId: { customfield: 'x' } },
      'preferences.externalId.customfield: unknown key; did you mean `customField`?',
    ],
    [
      { neverDeactivate: 'boss@contoso.com' },
      'preferences.neverDeactivate: must be a list of object ids or e-mail addresses',
    ],
    [{ deactivationHold: true }, 'preferences.deactivationHold: must be an object'],
    [{ deactivationHold: { count: '500' } }, 'preferences.deactivationHold.count: must be a whole number, 0 or more'],
    [
      { deactivationHold: { largeShare: 5 } },
      'preferences.deactivationHold.largeShare: must be a share between 0 and 1, such as 0.05 for 5 %',
    ],
    [
      { deactivationHold: { windowHours: 0 } },
      'preferences.deactivationHold.windowHours: must be a number of hours above 0, at most 8760',
    ],
    [
      { creationHold: { share: NaN } },
      'preferences.creationHold.share: must be a share between 0 and 1, such as 0.05 for 5 %',
    ],
    [{ creationHold: { shares: 0.5 } }, 'preferences.creationHold.shares: unknown key; did you mean `share`?'],
    [{ eraseLeaversAfterMonths: 0 }, 'preferences.eraseLeaversAfterMonths: must be a whole number, 1 or more, or null'],
    [{ customFeilds: {} }, 'preferences.customFeilds: unknown key; did you mean `customFields`?'],
    [
      { attributes: { firstname: 'givenName' } },
      'preferences.attributes.firstname: unknown key; did you mean `firstName`?',
    ],
    [[], 'preferences: must be an object'],
    [null, 'preferences: must be an object'],
    ['manual', 'preferences: must be an object'],
  ])('%j is refused, with its path and what is allowed', (input, sentence) => {
    const told = mistakes(input);
    expect(told).toContain(sentence);
  });

  test('an external id field without its name is refused', () => {
    expect(pathsOf({ externalId: {} })).toEqual(['preferences.externalId.customField']);
  });

  test('valid ones are taken as they are', () => {
    const input = {
      invitations: 'hire-date',
      assignOverrideManagers: false,
      syncPhotos: false,
      blanks: 'keep',
      deactivateBlockedAccounts: true,
      adoptByEmail: false,
      graceRounds: 3,
      hireDateTimeZone: 'Europe/Berlin',
      externalId: { customField: 'Entra' },
      clearRemovedPhotos: true,
      deactivationHold: {
        enabled: false,
        windowHours: 48,
        count: 0,
        largeShare: 0,
        largeShareFrom: 1,
        smallShare: 1,
        smallShareFrom: 0,
      },
      creationHold: { enabled: false, count: 5, share: 0.5 },
      eraseLeaversAfterMonths: 12,
    };
    expect(decoded(input)).toEqual({ ...defaultPreferences, ...input });
  });
});

test('all mistakes are listed at once, below the path that was asked for', () => {
  const input = { blank: 'keep', syncPhotos: 'no', deactivationHold: { count: -1, foo: 1 }, neverDeactivate: [1] };
  expect(mistakes(input, 'settings').map((one) => one.slice(0, one.indexOf(':')))).toEqual([
    'settings.syncPhotos',
    'settings.neverDeactivate[0]',
    'settings.deactivationHold.count',
    'settings.deactivationHold.foo',
    'settings.blank',
  ]);
});

test('keys that would reach the prototype are unknown keys, at every level', () => {
  const input: unknown = JSON.parse(
    '{"__proto__":{"syncPhotos":false},"attributes":{"__proto__":"city"},"customFields":{"__proto__":"x"}}',
  );
  expect(pathsOf(input).sort()).toEqual([
    'preferences.__proto__',
    'preferences.attributes.__proto__',
    'preferences.customFields.__proto__',
  ]);
  expect({}).not.toHaveProperty('syncPhotos');
});

test('the value behind a mistake is never quoted: it may be a secret in the wrong place', () => {
  const secret = 'hunter2-secret-value';
  for (const key of Object.keys(defaultPreferences)) {
    for (const value of [secret, [secret], { customField: [secret] }]) {
      expect(mistakes({ [key]: value }).join(' ')).not.toContain(secret);
    }
  }
});

const path = fc.constantFrom(
  'city',
  'state',
  'division',
  'companyName',
  'onPremisesExtensionAttributes.extensionAttribute1',
);
const paths = fc.uniqueArray(path, { maxLength: 3 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.nat();
const configurations = fc.record(
  {
    invitations: fc.constantFrom('immediate', 'manual', 'hire-date'),
    assignOverrideManagers: fc.boolean(),
    syncPhotos: fc.boolean(),
    attributes: fc.record(
      Object.fromEntries(
        mappedFields.map((field) => [field, field === 'email' ? path : fc.oneof(path, paths, fc.constant(null))]),
      ),
      { requiredKeys: [] },
    ),
    customFields: fc.uniqueArray(path).map((names) => Object.fromEntries(names.map((name) => [name, `Field ${name}`]))),
    blanks: fc.constantFrom('clear', 'keep'),
    deactivateBlockedAccounts: fc.boolean(),
    adoptByEmail: fc.boolean(),
    graceRounds: count,
    hireDateTimeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'america/new_york'),
    externalId: fc.constantFrom('integrationExternalId', 'none', { customField: 'Entra' }),
    clearRemovedPhotos: fc.boolean(),
    neverDeactivate: fc.array(fc.oneof(fc.uuid(), fc.constantFrom('Boss@Contoso.com', 'ceo@contoso.com'))),
    deactivationHold: fc.record(
      {
        enabled: fc.boolean(),
        windowHours: fc.integer({ min: 1, max: 8760 }),
        count,
        largeShare: share,
        largeShareFrom: count,
        smallShare: share,
        smallShareFrom: count,
      },
      { requiredKeys: [] },
    ),
    creationHold: fc.record({ enabled: fc.boolean(), count, share }, { requiredKeys: [] }),
    eraseLeaversAfterMonths: fc.option(fc.integer({ min: 1, max: 120 })),
  },
  { requiredKeys: [] },
);

describe('the stored form', () => {
  test('read back, through JSON, is the same preferences', () => {
    fc.assert(
      fc.property(configurations, (input) => {
        const preferences = decoded(input);
        const text = JSON.stringify(encodePreferences(preferences));
        expect(decodeStoredPreferences(JSON.parse(text))).toEqual(E.right(preferences));
        expect(decoded(JSON.parse(text))).toEqual(preferences);
      }),
      { numRuns: 500 },
    );
  });
  test('is one text for the same preferences, whatever order they were written in', () => {
    const one = {
      blanks: 'keep',
      customFields: { city: 'Town', state: 'State' },
      creationHold: { share: 0.5, count: 1 },
    };
    const other = {
      creationHold: { count: 1, share: 0.5 },
      customFields: { state: 'State', city: 'Town' },
      blanks: 'keep',
    };
    const text = (input: unknown) => JSON.stringify(encodePreferences(decoded(input)));
    expect(text(one)).toBe(text(other));
    const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());
    const preferences = decoded(one);
    const rebuilt = {
      ...reversed(preferences),
      attributes: reversed(preferences.attributes),
      customFields: reversed(preferences.customFields),
      creationHold: reversed(preferences.creationHold),
    } as Preferences;
    expect(JSON.stringify(encodePreferences(rebuilt))).toBe(text(one));
  });
  test('takes keyed hashes for addresses, as they are', () => {
    const stored = { ...encodePreferences(defaultPreferences), neverDeactivate: ['Zm9vQmFy', 'boss@contoso.com'] };
    expect(decodeStoredPreferences(stored)).toEqual(
      E.right({ ...defaultPreferences, neverDeactivate: ['Zm9vQmFy', 'boss@contoso.com'] }),
    );
  });
  test('from before a key existed takes its default', () => {
    for (const entry of ['', 7, null])
      expect(E.isLeft(decodeStoredPreferences({ neverDeactivate: [entry] }))).toBe(true);
    expect(decodeStoredPreferences({ blanks: 'keep' })).toEqual(E.right({ ...defaultPreferences, blanks: 'keep' }));
  });
  test('with what this version does not know is refused', () => {
    expect(E.isLeft(decodeStoredPreferences({ ...encodePreferences(defaultPreferences), fromTheFuture: 1 }))).toBe(
      true,
    );
  });
});

describe('the attributes to select beyond the standard ones', () => {
  test('are none by default', () => {
    expect(mappedAttributes(defaultPreferences)).toEqual([]);
  });
  test('are all that are named, each once, in one order', () => {
    const input = {
      attributes: { location: ['city', 'officeLocation'], department: 'division' },
      customFields: { employeeId: 'Staff no.', city: 'Town', mail: 'Mail' },
    };
    expect(mappedAttributes(decoded(input))).toEqual(['city', 'division', 'employeeId']);
  });
});
