import { describe, expect, it } from 'vitest';
import { clientStateDigest, matchesAnyDigest } from './client-state.js';

describe('the secret of a subscription', () => {
  const digests = [clientStateDigest('old'), clientStateDigest('new')];

  it('is recognised by any of the digests, whichever way their digits are written', () => {
    expect(matchesAnyDigest('old', digests)).toBe(true);
    expect(matchesAnyDigest('new', digests)).toBe(true);
    expect(
      matchesAnyDigest(
        'new',
        digests.map((digest) => digest.toUpperCase()),
      ),
    ).toBe(true);
  });

  it('is nothing else, nothing absent, and matches no digest that is none', () => {
    for (const given of ['', 'OLD', 'old ', 'ol', undefined]) expect(matchesAnyDigest(given, digests)).toBe(false);
    expect(matchesAnyDigest('old', [])).toBe(false);
    expect(matchesAnyDigest('old', undefined)).toBe(false);
    expect(matchesAnyDigest(undefined, [clientStateDigest('')])).toBe(false);
    expect(matchesAnyDigest('old', ['', 'zz', 'old', clientStateDigest('old').slice(2)])).toBe(false);
    expect(matchesAnyDigest('old', ['zz', ...digests])).toBe(true);
  });
});
