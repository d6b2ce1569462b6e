import { describe, expect, test } from 'vitest';
import { clip, fitted, width, wrap } from './layout.js';

describe('wrapping', () => {
  test('breaks between words and indents what follows', () => {
    expect(wrap('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four']);
  });

  test('leaves a word alone that is longer than a line', () => {
    expect(wrap('a 0123456789 b', 5)).toEqual(['a', '0123456789', 'b']);
  });
});

describe('clipping', () => {
  test('shows that something was cut', () => {
    expect(clip('0123456789', 10)).toBe('0123456789');
    expect(clip('0123456789', 9)).toBe('01234567…');
  });

  test('counts characters that take two columns as two', () => {
    expect(width('美咲')).toBe(4);
    expect(width(clip('美咲美咲美咲', 6))).toBeLessThanOrEqual(6);
  });
});

describe('what a command printed', () => {
  test('keeps the column of names of a report', () => {
    expect(fitted('Sent       one two three\nWould send one two three\n', {}, 20)).toEqual([
      'Sent       one two',
      '           three',
      'Would send one two',
      '           three',
    ]);
  });

  test('says how much was left out, and what it was', () => {
    expect(fitted('a\n\nb\nc\n', { lines: 1 }, 20)).toEqual(['a', '… and 2 more lines']);
    expect(fitted('a\nb\nc\n', { until: /^b/, rest: 'the rest' }, 40)).toEqual(['a', '… and 2 more lines: the rest']);
  });

  test('cuts the lines of a table and breaks those of a report', () => {
    expect(fitted('one two three', { as: 'table' }, 8)).toEqual(['one two…']);
    expect(fitted('one two three', {}, 8)).toEqual(['one two', '  three']);
  });
});
