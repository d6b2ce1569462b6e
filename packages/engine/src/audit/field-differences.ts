/** A field that differs. A side that is absent had no such field. */
export type FieldDifference = {
  /** `delivered.profile.jobTitle`; a key that is no plain name in brackets and quotes. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const within = (path: string, key: string): string => {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

/** The fields of a value by their paths; a list counts as one. */
export const fieldsOf = (value: unknown, path = ''): ReadonlyMap<string, unknown> => {
  if (!isRecord(value)) return new Map(value === undefined ? [] : [[path, value]]);
  return new Map(Object.entries(value).flatMap(([key, each]) => [...fieldsOf(each, within(path, key))]));
};

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** The fields that are not the same, in the order of the second value, then those it lacks. */
export const fieldDifferences = (before: unknown, after: unknown): ReadonlyArray<FieldDifference> => {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const changed = [...now].flatMap(([path, value]): ReadonlyArray<FieldDifference> => {
    if (!old.has(path)) return [{ path, after: value }];
    return isSame(old.get(path), value) ? [] : [{ path, before: old.get(path), after: value }];
  });
  const gone = [...old].flatMap(([path, value]) => (now.has(path) ? [] : [{ path, before: value }]));
  return [...changed, ...gone];
};
