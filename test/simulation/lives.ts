import type { Life } from './run-company.js';

/** Holds are on in the lives from this seed on. */
const HOLDS_FROM = 10_001;

/** What kind of life a seed is: the seed alone decides, so that it can be lived again. */
export const lifeOf = (seed: number): Life => ({
  seed,
  edits: 30,
  holds: seed >= HOLDS_FROM,
  faults: seed % 4 === 0 || seed >= HOLDS_FROM ? 0 : 0.35,
});

const range = (from: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, at) => from + at);

/** `SEED=7` or `SEED=7,8` lives these alone; `COUNT=2000` lives that many of each kind. */
export const seedsToLive = (kind: 'plain' | 'holds', count: number): ReadonlyArray<number> => {
  const asked = process.env['SEED'];
  const given = asked?.split(',').map(Number).filter(Number.isSafeInteger);
  const from = kind === 'plain' ? 1 : HOLDS_FROM;
  if (given !== undefined) return given.filter((seed) => seed >= HOLDS_FROM === (kind === 'holds'));
  return range(from, Number(process.env['COUNT'] ?? count));
};

/** In portions, so that a title names a few companies and not one of hundreds. */
export const portions = (seeds: ReadonlyArray<number>, size = 25): ReadonlyArray<ReadonlyArray<number>> =>
  range(0, Math.ceil(seeds.length / size)).map((at) => seeds.slice(at * size, (at + 1) * size));

export const titleOf = (seeds: ReadonlyArray<number>): string =>
  seeds.length === 1 ? `company ${seeds[0]}` : `companies ${seeds[0]} to ${seeds.at(-1)}`;
