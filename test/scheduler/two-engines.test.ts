import { expect, it } from 'vitest';
import { foundSeeds } from './found-seeds.js';
import { liveTogether } from './live-together.js';

/** `SEED=7` lives that one alone, `COUNT=500` so many. */
const asked = process.env['SEED'];
const seeds =
  asked === undefined
    ? [...foundSeeds, ...Array.from({ length: Number(process.env['COUNT'] ?? 4) }, (_, n) => n + 1)]
    : [Number(asked)];

it(
  'two engines, their administrators, edits and faults end as the oracle says, in whatever order their steps come',
  { timeout: 1_200_000 },
  async () => {
    for (const seed of seeds) {
      const { wrong, trace } = await liveTogether(seed);
      expect([`SEED=${seed}`, ...wrong]).toEqual([`SEED=${seed}`]);
      expect(trace.some((step) => step.startsWith('one '))).toBe(true);
      expect(trace.some((step) => step.startsWith('other '))).toBe(true);
    }
  },
);

it('the same seed gives the same order', { timeout: 300_000 }, async () => {
  const [first, again] = [await liveTogether(5), await liveTogether(5)];
  expect(again.trace).toEqual(first.trace);
  expect((await liveTogether(6)).trace).not.toEqual(first.trace);
});
