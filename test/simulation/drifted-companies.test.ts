import { describe, expect, it } from 'vitest';
import { liveThrough } from './run-company.js';

const seeds = Array.from({ length: 8 }, (_, n) => 20_000 + n);

describe('companies whose accounts are changed by hand as well', () => {
  it.each(seeds)(
    'seed %i: the directory wins in what it owns, and nothing else is touched',
    { timeout: 120_000 },
    async (seed) => {
      const lived = await liveThrough({ seed, edits: 40, drifts: 0.4, faults: 0.1 });
      expect(lived.trace.some((line) => line.startsWith('by hand at Learn Amp'))).toBe(true);
    },
  );
});
