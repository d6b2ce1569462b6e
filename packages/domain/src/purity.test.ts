import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The code without comments and texts, which may speak of anything. */
const bare = (source: string): string =>
  source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'))
  .map((name) => ({ name: relative(root, join(root, name)), source: readFileSync(join(root, name), 'utf8') }));

const impurities: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['reads the clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b/],
  ['draws lots', /\bMath\.random\b|\brandomUUID\b|\bcrypto\b|\bgetRandomValues\b/],
  ['looks at its machine', /\bprocess\b|\bglobalThis\b|\bIntl\.\w+\(\s*\)|toLocale\w+\(/],
  ['talks to others', /\bfetch\(|\brequire\(|\bimport\(|\bXMLHttpRequest\b/],
  ['waits', /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/],
  ['speaks up', /\bconsole\./],
];

const allowed = /^(?:\.{1,2}\/|@learnamp\/directory-sync-event-sourcing$|fp-ts\/lib\/|io-ts$|immer$)/;
const importsOf = (source: string): ReadonlyArray<string> =>
  [...source.matchAll(/\b(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*['"]([^'"]+)['"]/g)].map(
    ([, from, bareImport]) => from ?? bareImport ?? '',
  );

const findings = (name: string, source: string): ReadonlyArray<string> => [
  ...impurities.flatMap(([what, pattern]) => (pattern.test(bare(source)) ? [`${name} ${what}`] : [])),
  ...importsOf(source).flatMap((from) => (allowed.test(from) ? [] : [`${name} imports ${from}`])),
];

describe('the domain takes the world as arguments', () => {
  it('nothing in it reads a clock, draws lots, waits, or imports what could', () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(sources.flatMap(({ name, source }) => findings(name, source))).toEqual([]);
  });

  it.each([
    ['const now = Date.now();', 'reads the clock'],
    ['const now = new Date();', 'reads the clock'],
    ['const luck = Math.random();', 'draws lots'],
    ['const home = process.env.HOME;', 'looks at its machine'],
    ['const page = fetch(url);', 'talks to others'],
    ['const later = async () => 1;', 'waits'],
    ["import { readFile } from 'node:fs';", 'imports node:fs'],
    ["import 'undici';", 'imports undici'],
    ["export { open } from '@learnamp/directory-sync-graph';", 'imports @learnamp/directory-sync-graph'],
    ["import * as O from 'fp-ts/Option';", 'imports fp-ts/Option'],
  ])('%s would be found', (source, what) => {
    expect(findings('x', source)).toEqual([`x ${what}`]);
  });

  it.each([
    "import { pipe } from 'fp-ts/lib/function.js'; // Date.now() is the host's",
    "/** `new Date()` and Math.random() are not for us. */ import * as t from 'io-ts';",
    'const day = new Date(text); const text = "2024";',
  ])('%s is fine', (source) => {
    expect(findings('x', source)).toEqual([]);
  });
});
