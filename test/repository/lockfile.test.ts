import { expect, test } from 'vitest';
import { packageJson, packages, read } from './tree.js';

type Entry = {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
};
const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Entry>> };

/** What comes from a registry: by its path in the tree. */
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

test('every package from a registry has an integrity, and none says which registry', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true)).toEqual([]);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('every dependency is an exact version', () => {
  const all = [{ folder: '.', json: packageJson('.') }, ...packages()].flatMap(({ folder, json }) =>
    [json.dependencies, json.devDependencies, json.optionalDependencies].flatMap((group) =>
      Object.entries(group ?? {}).map(([name, version]) => ({ folder, name, version })),
    ),
  );
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter(({ version }) => !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))).toEqual([]);
});

test('what a host brings along is optional, and may be any version of the major that is tested', () => {
  const brought = packages().flatMap(({ json }) =>
    Object.entries(json.peerDependencies ?? {}).map(([name, range]) => ({
      name,
      range,
      isOptional: json.peerDependenciesMeta?.[name]?.optional,
    })),
  );
  expect(brought.map(({ name }) => name).sort()).toEqual([
    '@eventstore/db-client',
    '@opentelemetry/api',
    'better-sqlite3',
  ]);
  for (const { name, range, isOptional } of brought) {
    const tested = lock.packages[`node_modules/${name}`]?.version ?? '';
    expect({ name, isOptional }).toEqual({ name, isOptional: true });
    // Of the API an older minor is tested with, that of the SDKs for the oldest Node we run on.
    expect(range.startsWith('^') && range.slice(1).split('.')[0] === tested.split('.')[0], `${name} ${range}`).toBe(
      true,
    );
  }
});

test('the packages that run a script when they are installed are the ones we looked at', () => {
  // better-sqlite3 compiles its addon; it is optional, and not used where Node has SQLite itself. That of protobufjs
  // (below EventStoreDB's client) compares the version range it was asked for with its own, and prints a warning.
  const scripted = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => nameOf(path));
  expect([...new Set(scripted)].sort()).toEqual(['better-sqlite3', 'protobufjs']);
});

/** First versions without a known vulnerability that concerns us. */
const minimums: Readonly<Record<string, string>> = {
  '@azure/msal-node': '7.1.0',
  '@grpc/grpc-js': '1.14.5',
  protobufjs: '7.6.5',
  jws: '4.0.1',
  immer: '9.0.6',
};

const isAtLeast = (version: string, minimum: string): boolean => {
  const [a, b] = [version, minimum].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

test('security minimums hold for every copy that is installed', () => {
  const old = installed.filter(([path, { version }]) => {
    const minimum = minimums[nameOf(path)];
    return minimum !== undefined && !isAtLeast(version ?? '0.0.0', minimum);
  });
  expect(old).toEqual([]);
  expect(isAtLeast('4.0.0', '4.0.1')).toBe(false);
  expect(isAtLeast('10.0.0', '9.9.9')).toBe(true);
});

test('there is one copy of the libraries whose values are compared by identity', () => {
  for (const name of ['fp-ts', 'io-ts', 'immer']) {
    expect(installed.filter(([path]) => nameOf(path) === name).map(([path]) => path)).toEqual([`node_modules/${name}`]);
  }
});
