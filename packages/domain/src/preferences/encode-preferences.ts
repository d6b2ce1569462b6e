import { keysOf } from './checks.js';
import { defaultPreferences } from './default-preferences.js';
import type { Preferences } from './preferences.js';

const ordered = <A extends object>(value: A, like: A): A =>
  Object.fromEntries(keysOf(like).map((key) => [key, value[key]])) as A;

/** No key occurs twice, so no two are ever equal. */
const inKeyOrder = <A>(value: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));

/**
 * The canonical, complete, plain form: same preferences, same keys in the same order, so that two forms can be compared
 * as JSON. `decodeStoredPreferences` reads it back.
 */
export const encodePreferences = (preferences: Preferences): Readonly<Record<string, unknown>> => {
  const { attributes, customFields, externalId } = preferences;
  const canonical: Preferences = {
    ...preferences,
    attributes: ordered(attributes, defaultPreferences.attributes),
    customFields: inKeyOrder(customFields),
    externalId: typeof externalId === 'object' ? { customField: externalId.customField } : externalId,
    neverDeactivate: [...preferences.neverDeactivate].sort(),
    deactivationHold: ordered(preferences.deactivationHold, defaultPreferences.deactivationHold),
    creationHold: ordered(preferences.creationHold, defaultPreferences.creationHold),
  };
  return ordered(canonical, defaultPreferences);
};
