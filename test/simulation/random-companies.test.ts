import { describe, expect, it } from 'vitest';
import { foundSeeds } from './found-seeds.js';
import { lifeOf, portions, seedsToLive, titleOf } from './lives.js';
import { liveThrough } from './run-company.js';

const portionsToLive = portions(seedsToLive('plain', 300));

/**
 * Random companies live through random edits, server behaviour, faults and restarts, and after each sync hold what an
 * oracle, which knows nothing of the engine, computes from the directory. A failure names its seed and what was done.
 */
describe.runIf(portionsToLive.length > 0)('after every completed sync Learn Amp holds what the oracle says', () => {
  it.each(portionsToLive.map((seeds) => ({ name: titleOf(seeds), seeds })))(
    '$name',
    async ({ seeds }) => {
      for (const seed of seeds) expect((await liveThrough(lifeOf(seed))).syncs).toBeGreaterThan(5);
    },
    600_000,
  );
});

it.runIf(process.env['SEED'] === undefined)(
  'companies that were found to fail once do not fail again',
  async () => {
    for (const seed of foundSeeds) await liveThrough(lifeOf(seed));
  },
  600_000,
);
