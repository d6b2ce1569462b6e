import type { ObjectId } from '@learnamp/directory-sync-domain';
import { expect, it } from 'vitest';
import { dueLeavers, ERASED_AT_ONCE } from './erase-leavers.js';

const id = (n: number): ObjectId => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();

it('one cycle erases so many at most, and those first who left first', () => {
  const leavers = Array.from({ length: 700 }, (_, n) => [id(n), day(700 - n)] as const);
  const due = dueLeavers(leavers, 1, day(2_000));
  expect(due).toHaveLength(ERASED_AT_ONCE);
  expect(due[0]).toBe(id(699));
  expect(due).not.toContain(id(0));
});

it('nobody is due before the months have passed', () => {
  const leavers = [
    [id(1), '2026-01-31T00:00:00.000Z'],
    [id(2), '2026-01-15T00:00:00.000Z'],
  ] as const;
  expect(dueLeavers(leavers, 1, '2026-02-27T23:59:59.999Z')).toEqual([id(2)]);
  expect(dueLeavers(leavers, 1, '2026-02-28T00:00:00.000Z')).toEqual([id(2), id(1)]);
});
