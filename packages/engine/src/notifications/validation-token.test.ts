import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validationTokenOf } from './validation-token.js';

const text = (url: string): string => {
  const found = validationTokenOf(url);
  return found._tag === 'Token' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes) : found._tag;
};

const at = (query: string): string => `https://host/notifications?${query}`;

describe('the token of a handshake', () => {
  it('is found wherever it stands in the query, and only under its name', () => {
    expect(text(at('validationToken=abc'))).toBe('abc');
    expect(text(at('tenant=7&validationToken=abc&x=%'))).toBe('abc');
    expect(text('https://host/')).toBe('None');
    expect(text(at('ValidationToken=abc'))).toBe('None');
    expect(text(at('xvalidationToken=abc&validationTokens=abc'))).toBe('None');
    expect(text('https://host/validationToken=abc')).toBe('None');
  });

  it('is decoded once', () => {
    expect(text(at('validationToken=Validation%3a+Testing+client%20application'))).toBe(
      'Validation: Testing client application',
    );
    expect(text(at('validationToken=%252B%2B%2525'))).toBe('%2B+%25');
  });

  it('is malformed where it cannot come back byte for byte', () => {
    for (const query of [
      'validationToken',
      'validationToken=',
      'validationToken=%',
      'validationToken=%4',
      'validationToken=%zz',
      'validationToken=%-1',
      'validationToken=% 1',
      'validationToken=%u0041',
      'validationToken=a&validationToken=b',
      'validationToken=a#b',
      'validationToken=%ff',
      'validationToken=%c3%28',
      'validationToken=%ed%a0%80',
      'validationToken=%c0%80',
      'validationToken=ä',
    ]) {
      expect([query, text(at(query))]).toEqual([query, 'Malformed']);
    }
  });

  it('has 2 KiB at most, counted in bytes after decoding', () => {
    expect(text(at(`validationToken=${'%41'.repeat(2_048)}`))).toBe('A'.repeat(2_048));
    expect(text(at(`validationToken=${'A'.repeat(2_049)}`))).toBe('Malformed');
    expect(text(at(`validationToken=${'%c3%bc'.repeat(1_025)}`))).toBe('Malformed');
    expect(text(at(`validationToken=${'A'.repeat(1_000_000)}`))).toBe('Malformed');
  });

  it('comes back byte for byte whatever it holds, in either encoding of spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (token) => {
        const form = new URLSearchParams({ validationToken: token }).toString();
        expect(text(at(form))).toBe(token);
        expect(text(at(`validationToken=${encodeURIComponent(token)}`))).toBe(token);
        expect(text(new URL(at(form)).href)).toBe(token);
      }),
    );
  });
});
