import { expect, test } from 'vitest';
import type { ObjectId } from '../ids.js';
import { isNeverDeactivated } from './never-deactivated.js';

const userId = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as ObjectId;
const other = 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' as ObjectId;

test('a person named by object id is never deactivated', () => {
  expect(isNeverDeactivated({ neverDeactivate: [userId] }, userId, [])).toBe(true);
  expect(isNeverDeactivated({ neverDeactivate: [userId] }, other, ['boss@contoso.com'])).toBe(false);
});

test('a person named by any of their addresses, in any case, is never deactivated', () => {
  const preferences = { neverDeactivate: ['boss@contoso.com'] };
  expect(isNeverDeactivated(preferences, userId, ['b@contoso.com', ' Boss@Contoso.com '])).toBe(true);
  expect(isNeverDeactivated(preferences, userId, ['b@contoso.com'])).toBe(false);
  expect(isNeverDeactivated(preferences, userId, [])).toBe(false);
});

test('a keyed hash of an address matches itself, with its case', () => {
  expect(isNeverDeactivated({ neverDeactivate: ['Zm9vQmFy'] }, userId, ['Zm9vQmFy'])).toBe(true);
  expect(isNeverDeactivated({ neverDeactivate: ['Zm9vQmFy'] }, userId, ['zm9vqmfy'])).toBe(false);
});

test('an empty list names nobody', () => {
  expect(isNeverDeactivated({ neverDeactivate: [] }, userId, ['', 'boss@contoso.com'])).toBe(false);
});
