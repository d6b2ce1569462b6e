import { expect, test } from 'vitest';
import { differenceText } from './diff-text.js';

const cursor = (name: string, issuedAt: string) => ({ cursor: name, source: name, reached: 'deltaLink', issuedAt });

test('cursors are told one a line, and only those that moved', () => {
  const before = [cursor('users', 'early'), cursor('groups:1', 'early'), cursor('groups:2', 'early')];
  const after = [cursor('users', 'late'), cursor('groups:1', 'early'), cursor('groups:3', 'late')];
  const fields = [
    { path: 'epoch', before: 1, after: 2 },
    { path: 'cursors', before, after },
  ];
  const [title, header, ...rows] = differenceText({ _tag: 'Connection', fields }).trimEnd().split('\n');
  expect([title, header?.split(/\s+/)]).toEqual(['The connection:', ['field', 'before', 'after']]);
  expect(rows.map((row) => row.split(/\s{2,}/))).toEqual([
    ['epoch', '1', '2'],
    ['cursors.users', 'deltaLink, early', 'deltaLink, late'],
    ['cursors.groups:3', 'deltaLink, late'],
    ['cursors.groups:2', 'deltaLink, early'],
  ]);
  // What came anew stands below "after".
  expect(rows[2]?.indexOf('deltaLink')).toBe(header?.indexOf('after'));
});
