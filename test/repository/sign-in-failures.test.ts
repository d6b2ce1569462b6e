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
