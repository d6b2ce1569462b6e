import { expect, test } from 'vitest';
import { DirectorySyncError } from '../directory-sync-error.js';
import { causeInLog, errorType } from './error-type.js';

test('of an error that is not ours nothing is told but its kind', () => {
  const cause = new TypeError('ann@fabrikam.example has no mailbox');
  expect([errorType(cause), causeInLog(cause)]).toEqual(['TypeError', 'TypeError']);
  const refused = Object.assign(new Error('connect to 10.0.0.1'), { code: 'ECONNREFUSED' });
  expect(causeInLog(refused)).toBe('ECONNREFUSED');
  expect(causeInLog('ann@fabrikam.example')).toBe('string');
});

test('a code that is no code, and a class that somebody named, are not told', () => {
  expect(errorType(Object.assign(new Error('no'), { code: 'ann@fabrikam.example' }))).toBe('Error');
  expect(errorType(Object.assign(new Error('no'), { name: 'Ann Lee' }))).toBe('Error');
});

test('our own sentence is told with its code', () => {
  const ours = new DirectorySyncError('stopped', 'The engine was stopped.');
  expect([errorType(ours), causeInLog(ours)]).toEqual(['stopped', 'stopped: The engine was stopped.']);
});
