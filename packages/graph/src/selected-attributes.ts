import { standardAttributes } from '@learnamp/directory-sync-domain';

/** What is asked of a person, worked out once from the settings. */
export type Selection = {
  /** Attributes that become observations, as paths; standard ones first. */
  readonly paths: ReadonlyArray<string>;
  /** The properties of a direct read, for `$select`: `id`, and a path's part before its first dot. */
  readonly properties: ReadonlyArray<string>;
  /** Those of `users/delta`, where the manager is tracked by selecting it. */
  readonly delta: ReadonlyArray<string>;
};

/** Order and duplicates of the settings do not matter: the same attributes always make the same query. */
export const selectAttributes = (customAttributes: ReadonlyArray<string>): Selection => {
  const standard: ReadonlyArray<string> = standardAttributes;
  const custom = [...new Set(customAttributes)].filter((path) => !standard.includes(path)).sort();
  const paths = [...standard, ...custom];
  const tops = paths.map((path) => path.split('.')[0] ?? path);
  const properties = [...new Set(['id', ...tops, 'accountEnabled'])];
  return { paths, properties, delta: [...properties, 'manager'] };
};
