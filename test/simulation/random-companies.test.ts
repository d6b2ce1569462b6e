import { expect, it } from 'vitest';
import { liveThrough } from './run-company.js';

const only = process.env['SEED'];
const seeds =
  only === undefined
    ? Array.from({ length: Number(process.env['COUNT'] ?? 30) }, (_, index) => index + 1)
    : [Number(only)];

it.each(seeds)('company %i', async (seed) => {
  const lived = await liveThrough({ seed, edits: 30, faults: process.env['FAULTS'] ? 0.35 : 0 });
  expect(lived.syncs).toBeGreaterThan(5);
});
