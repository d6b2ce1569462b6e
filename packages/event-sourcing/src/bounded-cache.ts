/** A map that forgets what was not asked for longest. Invariant: never more than `limit` entries. */
export type BoundedCache<K, V> = {
  readonly get: (key: K) => V | undefined;
  readonly set: (key: K, value: V) => void;
  readonly delete: (key: K) => void;
  readonly size: () => number;
};

export const makeBoundedCache = <K, V>(limit: number): BoundedCache<K, V> => {
  // A Map enumerates in order of insertion: taking an entry out and putting it back makes it the youngest.
  const entries = new Map<K, V>();
  return {
    get: (key) => {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) return;
        entries.delete(oldest);
      }
    },
    delete: (key) => {
      entries.delete(key);
    },
    size: () => entries.size,
  };
};
