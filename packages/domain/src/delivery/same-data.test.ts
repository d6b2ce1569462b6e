import { expect, it } from 'vitest';
import { sameData } from './same-data.js';

it.each<readonly [boolean, unknown, unknown]>([
  [true, { a: 1, b: { c: ['x'] } }, { b: { c: ['x'] }, a: 1 }],
  [true, { a: undefined }, {}],
  [true, {}, { a: undefined }],
  [true, null, null],
  [true, 'x', 'x'],
  [false, null, {}],
  [false, {}, null],
  [false, 'x', {}],
  [false, {}, 'x'],
  [false, 'x', 'y'],
  [false, { a: 1 }, { a: 1, b: 2 }],
  [false, { a: 1, b: 2 }, { a: 1 }],
  [false, { a: 1 }, { b: 1 }],
  [false, ['x', 'y'], ['y', 'x']],
])('is the same (%s): %o and %o', (same, left, right) => {
  expect(sameData(left, right)).toBe(same);
});
