import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backOffMs, jittered } from './waits.js';

const MINUTE = 60_000;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('a poll comes at most a tenth early or late', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 3_600_000 }), chance, (pollMs, random) => {
      const wait = jittered(pollMs, () => random);
      expect(wait).toBeGreaterThanOrEqual(Math.floor(pollMs * 0.9));
      expect(wait).toBeLessThanOrEqual(Math.ceil(pollMs * 1.1));
    }),
  );
  expect([jittered(300_000, () => 0), jittered(300_000, () => 0.5)]).toEqual([270_000, 300_000]);
});

it('each failure in a row doubles the wait, up to a quarter of an hour', () => {
  const waits = [1, 2, 3, 4, 50].map((failures) => backOffMs(failures, 5 * MINUTE, () => 0.5) / MINUTE);
  expect(waits).toEqual([5, 10, 15, 15, 15]);
});

it('a connection that polls less often than that is not polled more often for failing', () => {
  expect(backOffMs(3, 60 * MINUTE, () => 0.5)).toBe(60 * MINUTE);
});
