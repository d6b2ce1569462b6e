import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faces, facesIn, pageOf, type Face } from './api-snapshot.js';
import { packages, read, root } from './tree.js';

const PAGE = 'docs/reference/api.md';
const present = faces();
if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(join(root, PAGE), pageOf(present));

const flat = (all: ReadonlyArray<Face>): ReadonlyMap<string, string> =>
  new Map(all.flatMap(({ specifier, names }) => [...names].map(([name, text]) => [`${specifier}: ${name}`, text])));

test('what can be imported is what the page shows: a change of it is seen', () => {
  const [documented, now] = [flat(facesIn(read(PAGE))), flat(present)];
  const both = [...now.keys()].filter((name) => documented.has(name));
  expect({
    added: [...now.keys()].filter((name) => !documented.has(name)),
    removed: [...documented.keys()].filter((name) => !now.has(name)),
    changed: both
      .filter((name) => documented.get(name) !== now.get(name))
      .map((name) => ({ name, was: documented.get(name), is: now.get(name) })),
  }).toEqual({ added: [], removed: [], changed: [] });
  expect(now.size).toBeGreaterThan(200);
});

test('each name has a signature, and a function says what it returns', () => {
  const names = [...flat(present)];
  expect(names.filter(([, text]) => text === '').map(([name]) => name)).toEqual([]);
  expect(names.filter(([, text]) => /^function .*: inferred;$/s.test(text)).map(([name]) => name)).toEqual([]);
});

test('faces are written name by name', () => {
  const entries = packages().flatMap(({ folder, json }) =>
    Object.values(json.exports ?? {}).map(
      (targets) => `packages/${folder}/${(targets['directory-sync-source'] ?? '').slice(2)}`,
    ),
  );
  expect(entries.filter((path) => /^export (type )?\*/m.test(read(path)))).toEqual([]);
});
