import { read } from './tree.js';

export type LockEntry = {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

export const lockedPackages = (
  JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, LockEntry>> }
).packages;

/** Where Node looks for a dependency, from the place of who asks. */
const placesOf = (from: string, name: string): ReadonlyArray<string> => {
  const places = [`${from}/node_modules/${name}`];
  for (let at = from; at.includes('/');) {
    at = at.slice(0, at.lastIndexOf('/'));
    if (!at.endsWith('node_modules')) places.push(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`);
  }
  return [...places, `node_modules/${name}`];
};

const found = (from: string, name: string): string | undefined => {
  const place = placesOf(from, name).find((each) => each in lockedPackages);
  const entry = place === undefined ? undefined : lockedPackages[place];
  return entry?.link === true ? entry.resolved : place;
};

/** Everything that comes with workspaces, by its place in the lock; `optional` counts what npm leaves out where it does not build. */
export const closureOf = (folders: ReadonlyArray<string>, { optional = false } = {}): ReadonlySet<string> => {
  const seen = new Set<string>();
  const visit = (place: string): void => {
    if (seen.has(place)) return;
    seen.add(place);
    const entry = lockedPackages[place];
    const wanted = { ...entry?.dependencies, ...(optional ? entry?.optionalDependencies : {}) };
    for (const name of Object.keys(wanted)) {
      const next = found(place, name);
      if (next !== undefined) visit(next);
    }
  };
  for (const folder of folders) visit(`packages/${folder}`);
  return seen;
};

export const nameOf = (place: string): string =>
  place.includes('node_modules/') ? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length) : place;
