import type { Cursor } from '@learnamp/directory-sync-domain';
import { expect, it } from 'vitest';
import { linkDaysLeft } from './link-age.js';

const DAY = 24 * 3_600_000;
const now = Date.parse('2026-03-20T00:00:00.000Z');

const cursor = (days: number, resync?: string): Cursor => ({
  ...{ cursor: 'users', source: 'users', groupIds: [], page: undefined, resync },
  delta: { revision: '7', fingerprint: 'f', issuedAt: new Date(now - days * DAY).toISOString() },
});

it.each([
  [0, undefined],
  [4.99, undefined],
  [5, 2],
  [6.5, 0],
  [7, 0],
  [30, 0],
])('of a link that is %d days old so many days are left: %s', (days, left) => {
  expect(linkDaysLeft([cursor(days)], now)).toBe(left);
});

it('the oldest counts, and none that is not used any more', () => {
  expect(linkDaysLeft([cursor(1), cursor(6)], now)).toBe(1);
  expect(linkDaysLeft([cursor(1), cursor(6, 'token-expired')], now)).toBeUndefined();
  expect(linkDaysLeft([], now)).toBeUndefined();
});
