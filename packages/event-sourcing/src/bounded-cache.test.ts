import { describe, expect, it } from 'vitest';
import { makeBoundedCache } from './bounded-cache.js';

describe('makeBoundedCache', () => {
  it('forgets what was not asked for longest, and never holds more than its limit', () => {
    const cache = makeBoundedCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.set('a', 4);
    expect(cache.size()).toBe(2);
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});
