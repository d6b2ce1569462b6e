import { expect, test } from 'vitest';
import { files, packageJson, packages, read } from './tree.js';

/** The arrows as eslint.config.js enforces them on imports: read from its text, so that they stand in one place. */
const arrows = ((): Readonly<Record<string, ReadonlyArray<string>>> => {
  const text = /const arrows = (\{[\s\S]*?\n\});/.exec(read('eslint.config.js'))?.[1] ?? '';
  const json = text
    .replaceAll("'", '"')
    .replace(/^ {2}([a-z]+):/gm, '  "$1":')
    .replace(/,(\s*[}\]])/g, '$1');
  return JSON.parse(json) as Record<string, string[]>;
})();

const scope = '@learnamp/directory-sync';
const packageName = (folder: string): string => (folder === 'engine' ? scope : `${scope}-${folder}`);
const isOurs = (name: string): boolean => name === scope || name.startsWith(`${scope}-`);

test('every package has its arrows, and is named after its folder', () => {
  expect(packages().map(({ folder }) => folder)).toEqual(Object.keys(arrows).sort());
  expect(packages().map(({ json }) => json.name)).toEqual(packages().map(({ folder }) => packageName(folder)));
});

test.each(packages())('$folder depends on the packages its arrows lead to, and on no other', ({ folder, json }) => {
  const ours = Object.keys({ ...json.dependencies, ...json.devDependencies, ...json.peerDependencies }).filter(isOurs);
  expect(ours.sort()).toEqual((arrows[folder] ?? []).map(packageName).sort());
});

test('arrows never lead in a circle', () => {
  const reach = (folder: string, path: ReadonlyArray<string>): void => {
    expect(path).not.toContain(folder);
    for (const next of arrows[folder] ?? []) reach(next, [...path, folder]);
  };
  for (const folder of Object.keys(arrows)) reach(folder, []);
});

test.each(packages())('$folder declares every package that its sources import', ({ folder, json }) => {
  const declared = new Set(
    Object.keys({ ...json.dependencies, ...json.optionalDependencies, ...json.peerDependencies }),
  );
  const undeclared = files()
    .filter((path) => path.startsWith(`packages/${folder}/src/`) && !/\.(test|bench)\.ts$/.test(path))
    // Helpers of a package's own tests are built but not part of its public face.
    .filter((path) => folder === 'event-sourcing' || !path.includes('/testing/'))
    .flatMap((path) =>
      [...read(path).matchAll(/^(?:import|export)\s[^;]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm)].map(
        ([, named, dynamic]) => ({ path, specifier: named ?? dynamic ?? '' }),
      ),
    )
    .filter(({ specifier }) => !specifier.startsWith('node:'))
    .filter(({ specifier }) => {
      const [first = '', second = ''] = specifier.split('/');
      return !declared.has(specifier.startsWith('@') ? `${first}/${second}` : first);
    });
  expect(undeclared).toEqual([]);
});

test('all packages carry one version, and depend on one another at that version', () => {
  const { version } = packageJson('.');
  for (const { json } of packages()) {
    expect(json.version).toBe(version);
    for (const [name, wanted] of Object.entries(json.dependencies ?? {}))
      if (isOurs(name)) expect(wanted).toBe(version);
  }
});

test('all packages are published but the simulator and the demo', () => {
  const all = packages();
  const unpublished = all.filter(({ json }) => json.private === true);
  expect(unpublished.map(({ folder }) => folder)).toEqual(['demo', 'simulator']);
  for (const { json } of all.filter((each) => !unpublished.includes(each))) {
    expect(json.type).toBe('module');
    expect(json.engines?.node).toBe('>=20.19.0');
    expect(json.files).toContain('dist');
    for (const name of Object.keys(json.dependencies ?? {}))
      expect(unpublished.map((each) => each.json.name)).not.toContain(name);
  }
});
