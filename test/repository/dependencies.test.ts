import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { closureOf, lockedPackages, nameOf } from './lock-closure.js';
import { tableUnder } from './markdown-tables.js';
import { packages, read, root } from './tree.js';

const PAGE = 'docs/reference/dependencies.md';
const embedded = ['engine'];
const count = (folders: ReadonlyArray<string>, options = {}): number => closureOf(folders, options).size;

const counts = [
  ['`@learnamp/directory-sync`', String(count(embedded)), String(count(embedded, { optional: true }))],
  ...['console', 'cli'].map((folder) => {
    const beyond = (options: object) => count([...embedded, folder], options) - count(embedded, options);
    return [`\`@learnamp/directory-sync-${folder}\``, `${beyond({})} more`, `${beyond({ optional: true })} more`];
  }),
];

test('the embedding core stays below 70 packages, and the page counts them', () => {
  expect(count(embedded, { optional: true })).toBeLessThanOrEqual(70);
  expect(tableUnder(PAGE, 'How many', counts)).toEqual(counts);
});

const published = packages().filter(({ json }) => json.private !== true);
const isOurs = (name: string): boolean => name.startsWith('@learnamp/');

const directOf = (group: 'dependencies' | 'optionalDependencies' | 'peerDependencies') =>
  published.flatMap(({ folder, json }) =>
    Object.entries(json[group] ?? {})
      .filter(([name]) => !isOurs(name))
      .map(([name, version]) => ({ name, version, folder })),
  );

test('the page has a reason for each direct dependency, and names no other', () => {
  const direct = [...directOf('dependencies'), ...directOf('optionalDependencies'), ...directOf('peerDependencies')];
  const byName = new Map<string, { readonly version: Set<string>; readonly folders: Set<string> }>();
  for (const { name, version, folder } of direct) {
    const known = byName.get(name) ?? { version: new Set<string>(), folders: new Set<string>() };
    known.version.add(version);
    known.folders.add(folder);
    byName.set(name, known);
  }
  const documented = tableUnder(PAGE, 'Why each');
  const facts = [...byName].map(([name, { version, folders }]) =>
    [`\`${name}\``, [...version].sort().join(' or '), [...folders].sort().join(', ')].join(' | '),
  );
  expect(documented.map((row) => row.slice(0, 3).join(' | ')).sort()).toEqual(facts.sort());
  for (const [name = '', , , why = ''] of documented) expect(why.length, name).toBeGreaterThan(20);
});

test('everything a host installs is under a licence that lets it', () => {
  const allowed = /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|BSD-3-Clause OR GPL-2\.0)\b/;
  const odd = [
    ...closureOf(
      published.map(({ folder }) => folder),
      { optional: true },
    ),
  ].flatMap((place) => {
    const license = lockedPackages[place]?.license ?? 'none';
    return allowed.test(license) ? [] : [`${nameOf(place)}: ${license}`];
  });
  expect(odd).toEqual([]);
});

type Component = { readonly name: string; readonly version: string; readonly purl?: string };

test('the bill of materials lists what the lock says, and no tool of ours', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const [npm = '', ...words] = (scripts['sbom'] ?? '').split(' ');
  const made = spawnSync(npm, words, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
  expect(made.status, made.stderr).toBe(0);
  const bill = JSON.parse(made.stdout) as { readonly bomFormat: string; readonly components: ReadonlyArray<Component> };
  expect(bill.bomFormat).toBe('CycloneDX');
  const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  const needed = [...closureOf(published.map(({ folder }) => folder))].filter((place) =>
    place.includes('node_modules/'),
  );
  const missing = needed.filter((place) => !listed.has(`${nameOf(place)}@${lockedPackages[place]?.version ?? ''}`));
  expect(missing).toEqual([]);
  // And what was built into the pages of the console.
  expect([...listed].some((each) => each.startsWith('react-dom@'))).toBe(true);
  expect(
    ['vitest', 'eslint', 'typescript', 'turbo', 'vite', '@opentelemetry/sdk-metrics'].filter((tool) =>
      bill.components.some(({ name }) => name === tool),
    ),
  ).toEqual([]);
});
