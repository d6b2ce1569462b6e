import { expect, it } from 'vitest';
import { havePassed } from './months-passed.js';

it.each([
  [1, '2026-01-31T12:00:00.000Z', '2026-02-28T11:59:59.999Z', false],
  [1, '2026-01-31T12:00:00.000Z', '2026-02-28T12:00:00.000Z', true],
  [1, '2024-01-31T12:00:00.000Z', '2024-02-28T12:00:00.000Z', false],
  [1, '2024-01-31T12:00:00.000Z', '2024-02-29T12:00:00.000Z', true],
  [12, '2024-02-29T00:00:00.000Z', '2025-02-28T00:00:00.000Z', true],
  [3, '2026-11-30T00:00:00.000Z', '2027-02-27T23:59:59.999Z', false],
  [3, '2026-11-30T00:00:00.000Z', '2027-02-28T00:00:00.000Z', true],
  [24, '2026-07-15T08:00:00.000Z', '2028-07-15T07:59:59.999Z', false],
  [24, '2026-07-15T08:00:00.000Z', '2028-07-15T08:00:00.000Z', true],
])('%i months after %s, at %s: %s', (months, since, now, passed) => {
  expect(havePassed(months, since, now)).toBe(passed);
});

it('times that cannot be read have not passed', () => {
  expect(havePassed(1, '', '2026-01-01T00:00:00.000Z')).toBe(false);
  expect(havePassed(1, '2020-01-01T00:00:00.000Z', '')).toBe(false);
});
