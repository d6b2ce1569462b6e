import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Made by tools, and not in the repository. */
const made = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage']);

const walk = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (made.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });

/** Every file of the repository, relative to its root. */
export const files = (): ReadonlyArray<string> => walk(root).map((path) => relative(root, path));

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export type PackageJson = {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly files?: ReadonlyArray<string>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly license?: string;
};

export const packageJson = (folder: string): PackageJson =>
  JSON.parse(read(join(folder, 'package.json'))) as PackageJson;

/** `packages/*`, by folder name. */
export const packages = (): ReadonlyArray<{ readonly folder: string; readonly json: PackageJson }> =>
  readdirSync(join(root, 'packages'))
    .sort()
    .map((folder) => ({ folder, json: packageJson(`packages/${folder}`) }));
