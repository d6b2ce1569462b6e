import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRevisions, revisionFromText, revisionToText } from './revision.js';
import { timeOrderedId } from './time-ordered-id.js';

describe('revisions as text', () => {
  it('come back exactly, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }), (revision) => {
        expect(revisionFromText(revisionToText(revision))).toBe(revision);
      }),
    );
  });
  it('are decimal digits and nothing else', () => {
    for (const text of ['', '-1', '+1', '01', '1.0', '1e3', '0x1', ' 1', '1n', '99999999999999999999']) {
      expect(revisionFromText(text)).toBeUndefined();
    }
  });
  it('sort by their value', () => {
    expect([10n, 9n, 9n, 0n].sort(compareRevisions)).toEqual([0n, 9n, 9n, 10n]);
    expect([compareRevisions(1n, 2n), compareRevisions(2n, 1n), compareRevisions(2n, 2n)]).toEqual([-1, 1, 0]);
  });
});

describe('timeOrderedId', () => {
  it('is a UUID of version 7 that ascends with time', () => {
    const chance = new Uint8Array(10).fill(0xff);
    const early = timeOrderedId(new Date('2026-01-01T00:00:00.000Z'), chance);
    expect(early).toBe('019b76da-a800-7fff-bfff-ffffffffffff');
    expect(timeOrderedId(new Date('2026-01-01T00:00:00.001Z'), new Uint8Array(10)) > early).toBe(true);
    expect(() => timeOrderedId(new Date(), new Uint8Array(9))).toThrow(RangeError);
  });
});
