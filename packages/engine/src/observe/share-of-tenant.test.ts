import { expect, it } from 'vitest';
import { readingInWords, readingOf } from './share-of-tenant.js';

it.each([
  [25, 100, false],
  [26, 100, true],
  [1, 4, false],
  [2, 7, true],
  [500, 200_000, false],
  [100_000, 400_000, false],
  [100_001, 400_000, true],
  // A count that lags behind may be smaller than the group.
  [10, 5, true],
  [0, 0, false],
])('%i of %i people are read as the whole tenant: %s', (people, tenant, whole) => {
  expect(readingOf(people, tenant).whole).toBe(whole);
});

it('without a count the group is followed', () => {
  expect(readingOf(1_000_000, undefined).whole).toBe(false);
});

it('says why', () => {
  expect(readingInWords(readingOf(26, 100))).toBe(
    'reads the whole tenant because 26 of the 100 people of the tenant are in the group, more than a quarter',
  );
  expect(readingInWords(readingOf(25, 100))).toBe(
    'follows the group because 25 of the 100 people of the tenant are in the group, not more than a quarter',
  );
  expect(readingInWords(readingOf(25, undefined))).toBe(
    'follows the group, because Microsoft Graph did not say how many people the tenant has; 25 are in the group',
  );
});
