import { expect, test } from 'vitest';
import { fieldDifferences } from './field-differences.js';

test('names each field that differs, is new, or is gone; a list counts as one', () => {
  const before = { a: { b: 1, gone: null }, list: [1, 2], same: { x: 'y' } };
  const after = { a: { b: 2, 'odd key': true }, list: [1, 3], same: { x: 'y' }, never: undefined };
  expect(fieldDifferences(before, after)).toEqual([
    { path: 'a.b', before: 1, after: 2 },
    { path: 'a["odd key"]', after: true },
    { path: 'list', before: [1, 2], after: [1, 3] },
    { path: 'a.gone', before: null },
  ]);
});

test('of somebody who was not known before, every field is new', () => {
  expect(fieldDifferences(undefined, { a: { b: 1 } })).toEqual([{ path: 'a.b', after: 1 }]);
  expect(fieldDifferences(undefined, undefined)).toEqual([]);
});
