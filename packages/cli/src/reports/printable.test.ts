import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counted, duration, printable, shortened } from './printable.js';

test('what a terminal would obey is shown instead', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d');
});

test('names in any script pass as they are', () => {
  expect(printable('Žofie Ångström 李 🙂')).toBe('Žofie Ångström 李 🙂');
});

test('a printed text never holds a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('a long text ends in an ellipsis and no half character', () => {
  expect(shortened('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
  expect(shortened('abc', 3)).toBe('abc');
});

test('numbers are read by people', () => {
  expect(counted(1, 'person', 'people')).toBe('1 person');
  expect(counted(12_345, 'person', 'people')).toBe('12,345 people');
  expect(duration(4_200)).toBe('4.2 s');
  expect(duration(125_000)).toBe('2 min 5 s');
});
