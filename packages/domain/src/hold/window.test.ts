import { expect, test } from 'vitest';
import { exceedsShare } from './window.js';

test('no share of a thousand exceeds itself, and one more person always does', () => {
  for (let permille = 0; permille <= 1000; permille += 1) {
    for (const whole of [1000, 3000, 1_000_000]) {
      const count = (permille * whole) / 1000;
      expect(exceedsShare(count, permille / 1000, whole)).toBe(false);
      expect(exceedsShare(count + 1, permille / 1000, whole)).toBe(true);
    }
  }
});

test('of nobody, anybody is more than any share', () => {
  expect(exceedsShare(1, 1, 0)).toBe(true);
  expect(exceedsShare(0, 0, 0)).toBe(false);
});
