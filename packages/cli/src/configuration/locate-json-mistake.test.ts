import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateJsonMistake } from './locate-json-mistake.js';

test.each([
  ['{ "a": 1, }', 1, 11, 'a key in double quotes'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, '"," or "}"'],
  ['{\n  "a" 1\n}', 2, 7, '":"'],
  ["{ 'a': 1 }", 1, 3, 'a key in double quotes'],
  ['{ "a": "no end }', 1, 8, 'a text that ends in a quote on the same line'],
  ['{ "a": [1 2] }', 1, 11, '"," or "]"'],
  ['{ "a": tru }', 1, 8, 'a value (a text in double quotes, a number, true, false, null, { or [)'],
  ['{} x', 1, 4, 'the end of the file'],
  ['', 1, 1, 'a value (a text in double quotes, a number, true, false, null, { or [)'],
  ['// a comment\n{}', 1, 1, 'a value (a text in double quotes, a number, true, false, null, { or [)'],
])('%j breaks off at line %i, column %i', (text, line, column, expected) => {
  expect(locateJsonMistake(text)).toEqual({ line, column, expected });
});

test('what JSON.parse takes has no mistake, and what it refuses has one', () => {
  const mutated = fc
    .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '1', '\\', '\n', 'x'))
    .map(([text, place, piece]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + piece + text.slice(at + (piece === '' ? 1 : 0));
    });
  fc.assert(
    fc.property(mutated, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(locateJsonMistake(text) === undefined).toBe(valid);
    }),
    { numRuns: 2000 },
  );
});
