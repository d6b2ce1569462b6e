import type { LocalCache } from './local-cache.js';

/** A local cache in memory. */
export const makeMemoryCache = (): LocalCache => {
  const values = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    put: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    take: (key) => {
      const value = values.get(key);
      values.delete(key);
      return Promise.resolve(value);
    },
    scrub: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
};
