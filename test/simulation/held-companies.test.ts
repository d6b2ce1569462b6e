import { describe, it } from 'vitest';
import { lifeOf, portions, seedsToLive, titleOf } from './lives.js';
import { liveThrough } from './run-company.js';

const portionsToLive = portions(seedsToLive('holds', 50));

describe.runIf(portionsToLive.length > 0)(
  'with holds, whoever is held stays, and everybody else is as the oracle says',
  () => {
    it.each(portionsToLive.map((seeds) => ({ name: titleOf(seeds), seeds })))(
      '$name',
      async ({ seeds }) => {
        for (const seed of seeds) await liveThrough(lifeOf(seed));
      },
      600_000,
    );
  },
);
