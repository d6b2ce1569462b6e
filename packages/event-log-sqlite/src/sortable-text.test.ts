import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSortable, toSortable } from './sortable-text.js';

const odd = fc.constantFrom(
  '\0',
  '\u0001',
  '\u0002',
  '\u0003',
  '\uD7FE',
  '\uD7FF',
  '\uD800',
  '\uDBFF',
  '\uDC00',
  '\uDFFF',
  '\uE000',
  '\uFFFF',
  '\u{10000}',
  '\u{10FFFF}',
  '\u1000',
  '\u1FFF',
  'a',
);
const anyText = fc.array(odd, { maxLength: 6 }).map((characters) => characters.join(''));
const codePoints = (text: string): ReadonlyArray<number> =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0);
const compare = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
};
/** As SQLite keeps and orders it. */
const bytes = (text: string): Buffer => Buffer.from(toSortable(text), 'utf8');

describe('sortable text', () => {
  it('is given back as it was, through UTF-8, and holds no NUL', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(bytes(text).includes(0)).toBe(false);
        expect(fromSortable(bytes(text).toString('utf8'))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('orders by its bytes as the texts do by their code points', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(Math.sign(Buffer.compare(bytes(a), bytes(b)))).toBe(Math.sign(compare(codePoints(a), codePoints(b))));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the text itself where nothing stands in the way', () => {
    for (const text of ['', 'ada@contoso.example', 'Zoë \u{1F511}', '\\0', '\uFFFD'])
      expect(toSortable(text)).toBe(text);
  });
});
