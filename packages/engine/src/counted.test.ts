import { expect, test } from 'vitest';
import { counted, shown } from './counted.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [100_000, '100,000'],
  [1_234_567, '1,234,567'],
])('%d is shown as %s', (count, text) => expect(shown(count)).toBe(text));

test('one is not many', () => {
  expect(counted(1, 'person', 'people')).toBe('1 person');
  expect(counted(1_200, 'person', 'people')).toBe('1,200 people');
});
