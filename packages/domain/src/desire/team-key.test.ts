import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { teamKeyOf } from './team-key.js';

const text = fc.string({ unit: 'binary' });
const word = fc.string({ unit: 'grapheme', minLength: 1 });

describe('FC-53: departments that differ in case, white space or Unicode form only are one team', () => {
  test.each([
    ['Human Resources', 'human resources '],
    ['Human Resources', 'Human  Resources'],
    ['Human Resources', 'Human\u00a0Resources'],
    ['Human Resources', '\u2003Human\u3000Resources\t'],
    ['Human Resources', 'Human\r\nResources'],
    ['Human Resources', 'Ｈｕｍａｎ　Ｒｅｓｏｕｒｃｅｓ'],
    ['Human Resources', 'Hu\u00adman Re\u200bsources\u200e'],
    ['Human Resources', 'HUMAN\u0000 RESOURCES'],
    ['Qualität', 'Qualita\u0308t'],
    ['Qualität', 'QUALITÄT'],
    ['Office', 'Oﬃce'],
    ['Großkunden', 'GROSSKUNDEN'],
    ['Großkunden', 'GROẞKUNDEN'],
    ['Λόγος', 'ΛΌΓΟΣ'],
    ['İnsan Kaynakları', 'INSAN KAYNAKLARI'],
    ['İNSAN KAYNAKLARI', 'insan kaynakları'],
    ['Operations', 'Operation\ud800s'],
  ])('%j and %j', (one, other) => {
    expect(teamKeyOf(one)).toBe(teamKeyOf(other));
  });

  test.each([
    ['Sales', 'Sale'],
    ['R&D', 'R & D'],
    ['Café', 'Cafe'],
    ['Human Resources', 'HumanResources'],
  ])('%j and %j stay two teams', (one, other) => {
    expect(teamKeyOf(one)).not.toBe(teamKeyOf(other));
  });

  test.each(['', ' ', '\t\r\n', '\u00a0\u3000', '\u200b', '\u0000', '\ud800', '\ufeff\u200e'])(
    'a department in which nothing can be seen (%j) is no team',
    (blank) => {
      expect(teamKeyOf(blank)).toBeUndefined();
    },
  );

  test('the key of plain words is what anybody would expect', () => {
    expect(teamKeyOf('  Human   Resources ')).toBe('human resources');
  });

  test('words such as null stay words', () => {
    expect(teamKeyOf('None')).toBe('none');
  });

  test('a key is its own key', () => {
    fc.assert(
      fc.property(text, (department) => {
        const key = teamKeyOf(department);
        expect(key === undefined ? undefined : teamKeyOf(key)).toBe(key);
      }),
      { numRuns: 2000 },
    );
  });

  test('upper, lower, composed and decomposed forms of any words have one key', () => {
    fc.assert(
      fc.property(word, (department) => {
        const key = teamKeyOf(department);
        expect(teamKeyOf(department.toUpperCase())).toBe(key);
        expect(teamKeyOf(department.toLowerCase())).toBe(key);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) expect(teamKeyOf(department.normalize(form))).toBe(key);
      }),
      { numRuns: 2000 },
    );
  });

  test('every single character that is a letter has one key in both cases', () => {
    const differing: string[] = [];
    for (let point = 0; point < 0x110000; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const letter = String.fromCodePoint(point);
      if (teamKeyOf(letter.toUpperCase()) !== teamKeyOf(letter.toLowerCase())) differing.push(point.toString(16));
    }
    expect(differing).toEqual([]);
  });
});
