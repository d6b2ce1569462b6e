import { existsSync, readFileSync } from 'node:fs';
import { signInRefusals } from '@learnamp/directory-sync-graph';
import { expect, test } from 'vitest';
import { read } from './tree.js';

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

test('the reference of refused sign-ins says what the code says, row by row', () => {
  const documented = read('docs/reference/sign-in-failures.md')
    .split('\n')
    .filter((line) => line.startsWith('| `AADSTS'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const rows = Object.entries(signInRefusals)
    .map(([code, { says, todo }]) => ['', `\`${code}\``, `${upper(says)}.`, `${todo}.`, ''])
    .sort(([, a = ''], [, b = '']) => Number(a.replace(/\D/g, '')) - Number(b.replace(/\D/g, '')));
  // Where this fails, the expected rows are what the page has to hold.
  expect(documented).toEqual(rows);
});

/** In the words of Microsoft's pages and of those who met them, as far as the sync speaks of it. */
const known = `
  AADSTS7000215: Invalid client secret provided; AADSTS7000222: The provided client secret keys are expired;
  AADSTS700016: Application was not found in the directory; AADSTS65001 and AADSTS65004: no consent, and consent declined;
  AADSTS90002: Tenant not found; AADSTS700027: the certificate is not registered; AADSTS700024: outside its valid time.
`;

const numbersIn = (text: string): ReadonlyArray<string> =>
  text
    .split('\n')
    .filter((line) => line.includes('AADSTS'))
    .flatMap((line) => [...line.matchAll(/\b(?:AADSTS)?(\d{5,7})\b/g)].map(([, number = '']) => `AADSTS${number}`));

/** Notes of somebody's own, where the variable names them, are held against the table as well. */
const notes = process.env['GRAPH_FACTS'];

const lists: ReadonlyArray<readonly [string, string]> = [
  ['the best known numbers', known],
  ...(notes !== undefined && existsSync(notes) ? [['the notes', readFileSync(notes, 'utf8')] as const] : []),
];

test.each(lists)('%s each have a row of their own', (_, text) => {
  const numbers = [...new Set(numbersIn(text))];
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers.filter((number) => !Object.hasOwn(signInRefusals, number))).toEqual([]);
});
