import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLanguage, learnAmpLanguages } from './fold-language.js';

describe('FC-56: languages', () => {
  test('all 27 codes are themselves, in any case and with either separator', () => {
    expect(new Set(learnAmpLanguages).size).toBe(27);
    for (const code of learnAmpLanguages) {
      expect(foldLanguage(code)).toBe(code);
      expect(foldLanguage(` ${code.toUpperCase().replace('-', '_')} `)).toBe(code);
    }
  });

  test.each([
    ['en-GB', 'en'],
    ['en-AU', 'en'],
    ['en-us', 'en-US'],
    ['nb-NO', 'no'],
    ['nn', 'no'],
    ['pt', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['pt-BR', 'pt-BR'],
    ['zh-Hans', 'zh-CN'],
    ['zh-Hans-SG', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['es-419', 'es-CO'],
    ['es-MX', 'es'],
    ['fr-CH', 'fr'],
    ['fr-CA-x-quebec', 'fr-CA'],
    ['de-AT', 'de'],
    ['sv-SE', 'sv'],
  ])('%s folds to %s', (tag, code) => {
    expect(foldLanguage(tag)).toBe(code);
  });

  test.each(['gsw-CH', 'x', '', ' ', 'ko', 'english', 'en;q=0.8', 'de,en', '-en', 'en-', '__proto__', 'constructor'])(
    '%j has no code',
    (tag) => {
      expect(foldLanguage(tag)).toBeUndefined();
    },
  );

  test('any text folds to one of the 27 or to nothing', () => {
    const known: ReadonlyArray<string> = learnAmpLanguages;
    fc.assert(
      fc.property(fc.string(), (tag) => {
        const code = foldLanguage(tag);
        expect(code === undefined || known.includes(code)).toBe(true);
      }),
    );
  });
});
