import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownText } from './own-text.js';

test('is the same text, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(ownText(text)).toBe(text);
    }),
  );
  expect(ownText('\ud800 and 数')).toBe('\ud800 and 数');
});
