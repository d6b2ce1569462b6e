import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeKeptRows } from './kept-rows.js';

describe('kept rows', () => {
  test('a removed row is not known again by what it was', () => {
    const kept = makeKeptRows(4);
    kept.put('people', 'ada', 'first');
    kept.put('people', 'bob', 'first');
    kept.put('people', 'ada', undefined);
    expect(kept.get('people', 'ada')).toBeUndefined();
    expect(kept.get('people', 'bob')).toBe('first');
  });

  test('whatever the order, a row is known as it was put last, or not at all', () => {
    const step = fc.record({
      table: fc.constantFrom('people', 'delivered'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      value: fc.oneof(fc.nat(), fc.constant(undefined), fc.constant('look')),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (steps, limit) => {
        const kept = makeKeptRows(limit);
        const put = new Map<string, unknown>();
        for (const { table, key, value } of steps) {
          if (value === 'look') {
            const known = kept.get(table, key);
            if (known !== undefined) expect(known).toBe(put.get(table + key));
          } else {
            kept.put(table, key, value);
            put.set(table + key, value);
          }
        }
      }),
    );
  });

  test('what was put last is known', () => {
    const kept = makeKeptRows(100);
    for (let n = 0; n < 49; n += 1) kept.put('people', `person ${n}`, n);
    for (let n = 0; n < 49; n += 1) expect(kept.get('people', `person ${n}`)).toBe(n);
  });

  test('no more are kept than the limit', () => {
    const kept = makeKeptRows(100);
    for (let n = 0; n < 1_000; n += 1) kept.put('people', `person ${n}`, n);
    const known = Array.from({ length: 1_000 }, (_, n) => `person ${n}`).filter(
      (key) => kept.get('people', key) !== undefined,
    );
    expect(known.length).toBeLessThanOrEqual(100);
    expect(known.length).toBeGreaterThan(0);
  });
});
