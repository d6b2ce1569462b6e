import type { Cursor, ObjectId } from '@learnamp/directory-sync-domain';
import { describe, expect, it } from 'vitest';
import { supersededCursors } from './superseded-cursors.js';

const [a, b, c] = ['a', 'b', 'c'] as ReadonlyArray<string> as [ObjectId, ObjectId, ObjectId];
const link = { revision: '7', fingerprint: 'f', issuedAt: '2026-03-01T00:00:00.000Z' };

const cursor = (n: number, groupIds: ReadonlyArray<ObjectId>, special: Partial<Cursor> = {}): Cursor => ({
  ...{ cursor: `groups:${n}`, source: 'groups', groupIds, delta: link, page: undefined, resync: undefined },
  ...special,
});

describe('cursors that newer ones have taken the place of', () => {
  it('are those whose every group a newer one follows, one or several of them together', () => {
    expect(supersededCursors([cursor(1, [a, b]), cursor(2, [a]), cursor(3, [b])])).toEqual(['groups:1']);
    // By number, not by spelling.
    expect(supersededCursors([cursor(9, [a]), cursor(10, [a])])).toEqual(['groups:9']);
  });

  it('are not those that follow a group alone', () => {
    expect(supersededCursors([cursor(1, [a, b]), cursor(2, [a, c])])).toEqual([]);
    expect(supersededCursors([cursor(1, [a]), cursor(2, [b])])).toEqual([]);
  });

  it.each<[string, Partial<Cursor>]>([
    ['never came to its end', { delta: undefined, page: { ...link, round: { id: 'r', kind: 'full' } } }],
    ['is in the middle of a full read', { page: { ...link, round: { id: 'r', kind: 'full' } } }],
    ['is to be read from the beginning', { resync: 'token-expired' }],
  ])('are none where the newer one %s', (_, special) => {
    expect(supersededCursors([cursor(1, [a]), cursor(2, [a], special)])).toEqual([]);
  });
});
