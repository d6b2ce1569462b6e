import { describe, expect, it } from 'vitest';
import { foundSeeds } from './found-seeds.js';
import { lifeOf, portions, seedsToLive } from './lives.js';
import { liveThrough } from './run-company.js';

const MINUTES = 60_000;
const title = (seeds: ReadonlyArray<number>): string => `companies ${seeds[0]} to ${seeds.at(-1)}`;

/**
 * Random companies live through random edits, server behaviour, faults and restarts, and after each sync hold what an
 * oracle, which knows nothing of the engine, computes from the directory. A failure names its seed and what was done.
 */
describe('after every completed sync Learn Amp holds what the oracle says', () => {
  it.each(portions(seedsToLive('plain', 300)).map((seeds) => ({ name: title(seeds), seeds })))(
    '$name',
    async ({ seeds }) => {
      for (const seed of seeds) expect((await liveThrough(lifeOf(seed))).syncs).toBeGreaterThan(5);
    },
    10 * MINUTES,
  );

  it.runIf(process.env['SEED'] === undefined)(
    'companies that were found to fail once',
    async () => {
      for (const seed of foundSeeds) await liveThrough(lifeOf(seed));
    },
    10 * MINUTES,
  );
});

const withHolds = portions(seedsToLive('holds', 50));

describe.runIf(withHolds.length > 0)(
  'with holds, whoever is held stays as they are, and everybody else is as the oracle says',
  () => {
    it.each(withHolds.map((seeds) => ({ name: title(seeds), seeds })))(
      '$name',
      async ({ seeds }) => {
        for (const seed of seeds) await liveThrough(lifeOf(seed));
      },
      10 * MINUTES,
    );
  },
);
