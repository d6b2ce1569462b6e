import { standardAttributes } from '@learnamp/directory-sync-domain';

/** What is asked of a person, worked out from the settings and from what Graph refused so far. */
export type Selection = {
  /** Attributes that become observations, as paths; standard ones first. */
  readonly paths: ReadonlyArray<string>;
  /** The properties of a direct read, for `$select`: `id`, and a path's part before its first dot. */
  readonly properties: ReadonlyArray<string>;
  /** Those of `users/delta`, where the manager is tracked by selecting it. */
  readonly delta: ReadonlyArray<string>;
  /** Told of a path whose value is no text: without it the whole item does not decode. */
  readonly noText?: ((path: string) => void) | undefined;
};

/**
 * Properties that Graph does not take: in the query of `users/delta`, and in direct reads. And paths that it answers with
 * a value that is no text, such as an object: they are asked for as before, and become no observation.
 */
export type LeftOut = {
  readonly delta: ReadonlyArray<string>;
  readonly direct: ReadonlyArray<string>;
  readonly values?: ReadonlyArray<string> | undefined;
};

export const nothingLeftOut: LeftOut = { delta: [], direct: [] };

/** The property that a path is read from. */
export const propertyOf = (path: string): string => path.split('.')[0] ?? path;

/**
 * Order and duplicates of the settings do not matter: the same attributes always make the same query. What one of the two
 * readings leaves out becomes no observation of the other either: a person would seem to lose it from one to the next.
 */
export const selectAttributes = (
  customAttributes: ReadonlyArray<string>,
  leftOut: LeftOut = nothingLeftOut,
): Selection => {
  const standard: ReadonlyArray<string> = standardAttributes;
  const custom = [...new Set(customAttributes)].filter((path) => !standard.includes(path)).sort();
  const paths = [...standard, ...custom];
  const properties = [...new Set(['id', ...paths.map(propertyOf), 'accountEnabled'])];
  const without = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
    properties.filter((property) => !names.includes(property));
  const unread = [...leftOut.delta, ...leftOut.direct];
  const noText = leftOut.values ?? [];
  return {
    paths: paths.filter((path) => !unread.includes(propertyOf(path)) && !noText.includes(path)),
    properties: without(leftOut.direct),
    delta: [...without(leftOut.delta), 'manager'],
  };
};
