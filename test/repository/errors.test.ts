import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorSentences, type ErrorSentence } from './error-sentences.js';
import { read, root } from './tree.js';

const page = 'docs/reference/errors.md';

/** The words of a union of texts, as its declaration lists them. */
const union = (path: string, name: string): ReadonlyArray<string> => {
  const declared = new RegExp(`export type ${name} =([^;]*);`).exec(read(path))?.[1] ?? '';
  return [...declared.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word);
};

const errors = 'packages/engine/src/directory-sync-error.ts';
const codes = [
  ...union(errors, 'ErrorCode'),
  ...union(errors, 'UsageCode'),
  ...union('packages/console/src/contract.ts', 'ConsoleCode'),
];

const inCode: ReadonlyArray<ErrorSentence> = [
  ...errorSentences('engine', 'DirectorySyncError', { code: 0, says: 1 }),
  ...errorSentences('console', 'Refused', { code: 1, says: 2 }),
];

/** The list below each heading that is a code. */
const linesFor = (code: string): ReadonlyArray<string> =>
  [...new Set(inCode.filter((each) => each.code === code).map(({ says }) => `- ${says}`))].sort();

test('the codes are found', () => {
  expect(codes.length).toBeGreaterThan(25);
});

test('every code of an error has a section with every sentence that the code makes of it', () => {
  const sections = read(page).split(/^## /m);
  const headings = sections.flatMap((section) => /^`([a-z-]+)`\n/.exec(section)?.[1] ?? []);
  expect([...headings].sort()).toEqual([...codes].sort());
  if (process.env['UPDATE_DOCS'] !== undefined) {
    const written = sections.map((section) => {
      const code = /^`([a-z-]+)`\n/.exec(section)?.[1];
      if (code === undefined) return section;
      const kept = section.split('\n').filter((line) => !line.startsWith('- '));
      return `${kept.join('\n').trimEnd()}\n\n${linesFor(code).join('\n')}\n\n`.replace(/\n{3,}/g, '\n\n');
    });
    writeFileSync(join(root, page), `${written.join('## ').trimEnd()}\n`);
    return;
  }
  for (const section of sections) {
    const code = /^`([a-z-]+)`\n/.exec(section)?.[1];
    if (code === undefined) continue;
    const shown = section.split('\n').filter((line) => line.startsWith('- '));
    // Where this fails, UPDATE_DOCS=1 writes the list anew.
    expect([code, [...shown].sort()]).toEqual([code, linesFor(code)]);
    const meaning = section.split('\n').find((line) => /^[A-Z]/.test(line)) ?? '';
    expect(meaning.length, code).toBeGreaterThan(20);
  }
});

test('no code is without a sentence that can be read from the sources', () => {
  const told = new Set(inCode.map(({ code }) => code));
  expect(codes.filter((code) => !told.has(code))).toEqual([]);
});
