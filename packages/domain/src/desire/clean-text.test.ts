import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from './clean-text.js';

const clean = (text: string, limit?: number) => cleanText(text, limit).text;

describe('FC-59: ugly text', () => {
  test.each([
    ['  Ann ', 'Ann'],
    ['\u3000Ann\u00a0', 'Ann'],
    ['A\u0000nn\u0007', 'Ann'],
    ['Chief\r\nExecutive\tOfficer', 'Chief Executive Officer'],
    ['one\u2028two\u0085three', 'one two three'],
    ['\u202eevil\u202c\u2066x\u2069', 'evilx'],
    ['A\ud800nn\udc00', 'Ann'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['=HYPERLINK("https://example.com")', '=HYPERLINK("https://example.com")'],
    ['__proto__', '__proto__'],
    ['👩‍💻 Engineer', '👩‍💻 Engineer'],
    ['Senior  Engineer', 'Senior  Engineer'],
    ['\u200b\u200d\ufeff', ''],
    ['\u0000\u202e', ''],
  ])('%j becomes %j', (given, expected) => {
    expect(clean(given)).toBe(expected);
  });

  test('a long text is cut at the limit by code point, and says so', () => {
    expect(cleanText('👍'.repeat(300))).toEqual({ text: '👍'.repeat(255), shortened: true });
    expect(cleanText('👍'.repeat(255))).toEqual({ text: '👍'.repeat(255), shortened: false });
    expect(cleanText('a'.repeat(256))).toEqual({ text: 'a'.repeat(255), shortened: true });
  });

  test('a text of which only invisible characters are left by the cut is empty', () => {
    expect(cleanText('\u{e0000}x', 1)).toEqual({ text: '', shortened: true });
  });

  test('a text that only its outer white space makes too long is not cut', () => {
    expect(cleanText(`  ${'a'.repeat(255)}  `)).toEqual({ text: 'a'.repeat(255), shortened: false });
  });

  test('whatever comes in, what goes out is well formed, trimmed, free of controls, within the limit, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (noise, limit) => {
        const text = clean(`${noise}\ud83d\u0001`, limit);
        expect(Array.from(text).length).toBeLessThanOrEqual(limit);
        expect(text).toBe(text.trim());
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        expect(clean(text, limit)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});
