/**
 * The Graph attributes of a person that have an event of their own. Names are Graph's
 * (https://learn.microsoft.com/graph/api/resources/user). Any other attribute named in the preferences is custom.
 */
export const standardAttributes = [
  'displayName',
  'givenName',
  'surname',
  'userPrincipalName',
  'mail',
  'jobTitle',
  'department',
  'officeLocation',
  'preferredLanguage',
  'employeeHireDate',
  'userType',
] as const;

export type StandardAttribute = (typeof standardAttributes)[number];

/**
 * What Graph holds of a person, by attribute name. A value, `null` (seen to be emptied), or absent (never had one, or not mentioned).
 * Custom attributes stand under their path, such as `onPremisesExtensionAttributes.extensionAttribute1`.
 */
export type Attributes = Readonly<Record<string, string | null>>;

/** A directory attribute that a preference may name: letters, digits and dots, never a key of `Object.prototype`. */
export const isAttributePath = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(name) &&
  !name.split('.').some((part) => part in Object.prototype);
