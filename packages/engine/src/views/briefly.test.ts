import { expect, test } from 'vitest';
import { briefly } from './briefly.js';

test('what a directory may hold in one field is shown whole', () => {
  const longest = 'é'.repeat(256);
  expect(briefly(longest)).toBe(longest);
});

test('of what is longer the beginning is shown, and how long it is', () => {
  expect(briefly('x'.repeat(65_536))).toBe(`${'x'.repeat(256)}… (65536 characters)`);
});

test('no character is cut in half', () => {
  expect(briefly(`${'x'.repeat(255)}😀${'y'.repeat(10)}`)).toBe(`${'x'.repeat(255)}… (267 characters)`);
});
