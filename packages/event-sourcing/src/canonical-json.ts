import canonicalizeModule from 'canonicalize';

// The package is CommonJS with a types file that claims a default export: at run time the import is the function itself.
// It has no text only for what is refused before it is asked.
const rfc8785 = canonicalizeModule as unknown as (value: unknown) => string;

const refuse = (what: string): never => {
  throw new TypeError(`${what} has no canonical JSON form.`);
};

/**
 * Whether `JSON.stringify` writes the value in canonical form already: every object's keys enumerate in the order of
 * their UTF-16 code units. Records are built that way, so the usual case runs at the speed of the built-in.
 * Refuses what JSON cannot hold, wherever it stands in the value.
 */
const isInCanonicalOrder = (value: unknown): boolean => {
  if (typeof value === 'string') return true;
  if (typeof value === 'object')
    return value === null || (Array.isArray(value) ? allInOrder(value) : keysInOrder(value));
  if (typeof value === 'number') return Number.isFinite(value) || refuse('A number that is not finite');
  return typeof value === 'boolean' || value === undefined || refuse(`A ${typeof value}`);
};

const allInOrder = (values: ReadonlyArray<unknown>): boolean => {
  let inOrder = true;
  for (const value of values) if (!isInCanonicalOrder(value)) inOrder = false;
  return inOrder;
};

const keysInOrder = (value: object): boolean => {
  let inOrder = !('toJSON' in value);
  let previous = '';
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    if (key < previous) inOrder = false;
    if (typeof member !== 'string' && !isInCanonicalOrder(member)) inOrder = false;
    previous = key;
  }
  return inOrder;
};

/**
 * The one text of a JSON value: RFC 8785 (JSON Canonicalization Scheme). Keys whose value is `undefined` are left out,
 * a lone surrogate is written as its escape. Throws a `TypeError` for what JSON cannot hold.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === undefined) return refuse('undefined');
  if (isInCanonicalOrder(value)) return JSON.stringify(value);
  return rfc8785(value);
};
