import { expect, it } from 'vitest';
import { boundError, boundReached } from './round-bounds.js';

const HOUR = 3_600_000;

it.each([
  [1, 0, undefined],
  [199_999, 6 * HOUR, undefined],
  [200_000, 0, 'pages'],
  [10, 6 * HOUR + 1, 'time'],
  // A clock that was set back makes a round no older.
  [10, -24 * HOUR, undefined],
])('%i pages within %i ms: %s', (pages, passed, bound) => {
  expect(boundReached({ pages, begun: 1_000, now: 1_000 + passed })).toBe(bound);
});

it('says which bound it was, and what becomes of the round', () => {
  expect(boundError('users', 'pages').message).toBe(
    "A round of Microsoft Graph's users has 200000 pages and no end; it was not used, and begins again.",
  );
  expect(boundError('groups', 'time').message).toBe(
    "A round of Microsoft Graph's groups did not come to its end in 6 hours; what was read is kept, and the next sync goes on from there.",
  );
});
