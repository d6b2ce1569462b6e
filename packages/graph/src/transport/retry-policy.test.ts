import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, isTransient, parseRetryAfter, retryPolicy } from './retry-policy.js';

const now = Date.parse('2026-11-24T10:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['10', 10_000],
    ['2.128', 2_128],
    ['0', 1_000],
    ['0.2', 1_000],
    [' 7 ', 7_000],
    ['86400', 900_000],
    ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 1_000],
    ['Tue, 24 Nov 2027 09:00:00 GMT', 900_000],
    ['soon', undefined],
    ['soon 5', undefined],
    ['-5', undefined],
    ['1e9', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads %j as %j milliseconds', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('backoffMs', () => {
  it('grows no further than the cap, however often it failed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = backoffMs(failures, () => random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(retryPolicy.capMs);
      }),
    );
    expect([0, 1, 2, 3].map((failures) => backoffMs(failures, () => 1))).toEqual([500, 1_000, 2_000, 4_000]);
  });
});

describe('isTransient', () => {
  it('asks again for what may pass and for nothing else', () => {
    expect([408, 429, 500, 502, 503, 504, 509, 520].every(isTransient)).toBe(true);
    expect([200, 301, 400, 401, 403, 404, 409, 410, 501, 505, 507].some(isTransient)).toBe(false);
  });
});
