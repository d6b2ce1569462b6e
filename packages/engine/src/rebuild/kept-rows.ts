/** Rows as they were read or written last. Invariant: never more than `limit`, and never one that was replaced or removed. */
export type KeptRows = {
  /** `undefined` where nothing is known, and of a row that was removed. */
  readonly get: (table: string, key: string) => unknown;
  readonly put: (table: string, key: string, value: unknown) => void;
};

type Generation = Map<string, Map<string, unknown>>;

/**
 * Two generations, of which the older is dropped as a whole. A map that moves each entry to its end when it is asked for is
 * more exact, and costs a rebuild more than reading the rows does.
 */
export const makeKeptRows = (limit: number): KeptRows => {
  let young: Generation = new Map();
  let old: Generation = new Map();
  let count = 0;

  const put = (table: string, key: string, value: unknown): void => {
    let rows = young.get(table);
    if (rows === undefined) young.set(table, (rows = new Map<string, unknown>()));
    const before = rows.size;
    rows.set(key, value);
    count += rows.size - before;
    if (2 * count < limit) return;
    old = young;
    young = new Map();
    count = 0;
  };

  return {
    get: (table, key) => {
      const rows = young.get(table);
      const known = rows?.get(key);
      // A removed row stands here as `undefined`: what it was before is not looked for.
      if (known !== undefined || rows?.has(key) === true) return known;
      const older = old.get(table)?.get(key);
      if (older !== undefined) put(table, key, older);
      return older;
    },
    put,
  };
};
