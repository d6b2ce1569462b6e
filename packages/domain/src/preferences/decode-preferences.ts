import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isAttributePath } from '../attributes.js';
import { isAddress } from '../desire/address.js';
import { toObjectId } from '../ids.js';
import type { Check, Checked } from './checks.js';
import { all, flag, isRecord, keyPath, listOf, mistake, nullable, oneOf, shape, share, wholeNumber } from './checks.js';
import { defaultPreferences } from './default-preferences.js';
import type { ConfigurationMistake, Preferences } from './preferences.js';
import { mappedFields } from './preferences.js';

type AttributeMap = Preferences['attributes'];
type ExternalId = Preferences['externalId'];

const distinct = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(values)];

const attribute: Check<string> = (value, path) =>
  typeof value === 'string' && isAttributePath(value)
    ? E.right(value)
    : mistake(
        path,
        'must be the name of a Graph attribute, such as `city` or `onPremisesExtensionAttributes.extensionAttribute1`',
      );

/** One attribute, a list of them, or null (off). An empty list is off too: that is how the complete form says it. */
const attributeList: Check<ReadonlyArray<string>> = (value, path) => {
  if (value === null) return E.right([]);
  if (typeof value === 'string') return E.map((name: string) => [name])(attribute(value, path));
  return E.map((names: ReadonlyArray<string>) => distinct(names))(
    listOf(attribute, 'must be a Graph attribute, a list of them, or null')(value, path),
  );
};

/** Nobody could have an account without an address, so this field alone cannot be switched off. */
const emailAttributes: Check<ReadonlyArray<string>> = (value, path) =>
  pipe(
    attributeList(value, path),
    E.chain((names) =>
      names.length > 0
        ? E.right(names)
        : mistake(path, 'must be a Graph attribute or a list of them: an account cannot be made without an e-mail'),
    ),
  );

const attributeShape = shape<AttributeMap>(
  {
    ...(Object.fromEntries(mappedFields.map((field) => [field, attributeList])) as {
      readonly [K in keyof AttributeMap]: Check<ReadonlyArray<string>>;
    }),
    email: emailAttributes,
  },
  defaultPreferences.attributes,
);

/** Merged over the product's map; `primaryTeam` follows `department` unless it is given. */
const attributes: Check<AttributeMap> = (value, path) =>
  E.map((map: AttributeMap) =>
    isRecord(value) && Object.hasOwn(value, 'primaryTeam') && value.primaryTeam !== undefined
      ? map
      : { ...map, primaryTeam: map.department },
  )(attributeShape(value, path));

/** Names become keys of what is wanted of a person, so names that every object has are refused. */
const customFieldName: Check<string> = (value, path) => {
  const name = typeof value === 'string' ? value.trim() : '';
  if (name === '' || name.length > 255 || /\p{Cc}/u.test(name)) {
    return mistake(
      path,
      'must be the name of a Learn Amp custom field: 1 to 255 characters, none of them a control character',
    );
  }
  return name in Object.prototype ? mistake(path, 'must not be a name that JavaScript reserves') : E.right(name);
};

const customFields: Check<Preferences['customFields']> = (value, path) => {
  if (!isRecord(value)) return mistake(path, 'must be an object from Graph attribute to Learn Amp custom field name');
  const seen = new Set<string>();
  const entries = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key): Checked<readonly [string, string]> => {
      const at = keyPath(path, key);
      return pipe(
        all([attribute(key, at), customFieldName(value[key], at)]),
        E.chain(([, name = '']) => {
          if (seen.has(name)) return mistake(at, 'names a custom field that another attribute feeds already');
          seen.add(name);
          return E.right([key, name] as const);
        }),
      );
    });
  return E.map((pairs: ReadonlyArray<readonly [string, string]>) => Object.fromEntries(pairs))(all(entries));
};

const timeZone: Check<string> = (value, path) => {
  const refused = mistake(path, 'must be an IANA time zone, such as `UTC` or `Europe/Berlin`');
  // Offsets such as `+02:00` are refused by some runtimes and taken by others; they know no daylight saving either.
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return refused;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return E.right(value);
  } catch {
    return refused;
  }
};

const externalId: Check<ExternalId> = (value, path) => {
  if (value === 'integrationExternalId' || value === 'none') return E.right(value);
  if (!isRecord(value)) return mistake(path, 'must be "integrationExternalId", "none" or { "customField": NAME }');
  const check = shape<{ readonly customField: string }>({ customField: customFieldName }, { customField: '' });
  // No default here: a name that is missing is refused like one that is empty.
  return check({ ...value, customField: value.customField ?? null }, path);
};

const hours: Check<number> = (value, path) =>
  typeof value === 'number' && value > 0 && value <= 8760
    ? E.right(value)
    : mistake(path, 'must be a number of hours above 0, at most 8760');

const neverDeactivated: Check<string> = (value, path) => {
  const text = typeof value === 'string' ? value.trim() : '';
  const entry = toObjectId(text) ?? (isAddress(text) ? text.toLowerCase() : undefined);
  return entry === undefined ? mistake(path, 'must be an object id (a GUID) or an e-mail address') : E.right(entry);
};

/** In the log an address may stand as a keyed hash, which is compared as it is. */
const storedNeverDeactivated: Check<string> = (value, path) =>
  typeof value === 'string' && value !== '' ? E.right(toObjectId(value) ?? value) : mistake(path, 'must be a text');

const preferencesCheck = (entry: Check<string>): Check<Preferences> =>
  shape<Preferences>(
    {
      invitations: oneOf(['immediate', 'manual', 'hire-date']),
      assignOverrideManagers: flag,
      syncPhotos: flag,
      attributes,
      customFields,
      blanks: oneOf(['clear', 'keep']),
      deactivateBlockedAccounts: flag,
      adoptByEmail: flag,
      graceRounds: wholeNumber(0),
      hireDateTimeZone: timeZone,
      externalId,
      clearRemovedPhotos: flag,
      neverDeactivate: (value, path) =>
        E.map((entries: ReadonlyArray<string>) => [...distinct(entries)].sort())(
          listOf(entry, 'must be a list of object ids or e-mail addresses')(value, path),
        ),
      deactivationHold: shape(
        {
          enabled: flag,
          windowHours: hours,
          count: wholeNumber(0),
          largeShare: share,
          largeShareFrom: wholeNumber(0),
          smallShare: share,
          smallShareFrom: wholeNumber(0),
        },
        defaultPreferences.deactivationHold,
      ),
      creationHold: shape({ enabled: flag, count: wholeNumber(0), share }, defaultPreferences.creationHold),
      eraseLeaversAfterMonths: nullable(wholeNumber(1)),
    },
    defaultPreferences,
  );

/** The field that carries the external id cannot be fed by an attribute as well. */
const coherent =
  (path: string) =>
  (preferences: Preferences): Checked<Preferences> => {
    const { externalId: slot, customFields: fed } = preferences;
    return typeof slot === 'object' && Object.values(fed).includes(slot.customField)
      ? mistake(`${path}.externalId.customField`, 'names a custom field that `customFields` feeds already')
      : E.right(preferences);
  };

const given = preferencesCheck(neverDeactivated);
const stored = preferencesCheck(storedNeverDeactivated);

/**
 * Preferences as a company writes them, completed by the defaults. `undefined` is "nothing configured". All mistakes are
 * listed at once, each with its path (below `path`) and what is allowed there; values are never quoted.
 *
 * @example decodePreferences({ attributes: { location: 'city', language: null }, customFields: { employeeId: 'Staff no.' } })
 */
export const decodePreferences = (
  input: unknown,
  path = 'preferences',
): E.Either<ReadonlyArray<ConfigurationMistake>, Preferences> =>
  pipe(given(input === undefined ? {} : input, path), E.chain(coherent(path)));

/** Preferences as `PreferencesChanged` holds them: the form of `encodePreferences`. A key that the record lacks takes its default. */
export const decodeStoredPreferences = (input: unknown): E.Either<ReadonlyArray<ConfigurationMistake>, Preferences> =>
  stored(input, 'preferences');
