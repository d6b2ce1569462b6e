import type { Head } from './envelope.js';
import type { ProjectionDatabase, ProjectionRows, RowChange } from './projection-rows.js';

type Entries = RowChange['entries'];
type Row = { readonly value: unknown; readonly entries: Entries };

const indexKey = (index: string, value: string): string => `${index}\u0000${value}`;
const inOrder = (keys: Iterable<string>): ReadonlyArray<string> =>
  [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const sameHead = (a: Head | undefined, b: Head | undefined): boolean =>
  a?.revision === b?.revision && a?.hash === b?.hash;

const makeTable = () => {
  const rows = new Map<string, Row>();
  const index = new Map<string, Set<string>>();

  const enlist = (key: string, entries: Entries, add: boolean): void => {
    for (const [name, values] of Object.entries(entries))
      for (const value of values) {
        const place = indexKey(name, value);
        const keys = index.get(place) ?? new Set<string>();
        if (add) keys.add(key);
        else keys.delete(key);
        if (keys.size === 0) index.delete(place);
        else index.set(place, keys);
      }
  };

  return {
    rows,
    at: (name: string, value: string): ReadonlySet<string> | undefined => index.get(indexKey(name, value)),
    put: ({ key, value, entries }: RowChange): void => {
      const before = rows.get(key);
      if (before !== undefined) enlist(key, before.entries, false);
      if (value === undefined) {
        rows.delete(key);
        return;
      }
      rows.set(key, { value, entries });
      enlist(key, entries, true);
    },
  };
};

/** Rows in memory. Values are kept as they are given: whoever folds into them must not change them afterwards. */
export const makeMemoryRows = (): ProjectionRows => {
  const tables = new Map<string, ReturnType<typeof makeTable>>();
  let checkpoint: Head | undefined;

  return {
    checkpoint: () => checkpoint,
    get: (table, key) => tables.get(table)?.rows.get(key)?.value,
    keysAt: (table, index, value) => inOrder(tables.get(table)?.at(index, value) ?? []),
    countAt: (table, index, value) => tables.get(table)?.at(index, value)?.size ?? 0,
    scan: function* (table) {
      const rows = tables.get(table)?.rows;
      if (rows === undefined) return;
      for (const key of inOrder(rows.keys())) {
        const row = rows.get(key);
        if (row !== undefined) yield [key, row.value];
      }
    },
    commit: (changes, from, to) => {
      if (!sameHead(checkpoint, from)) return 'moved';
      for (const change of changes) {
        const table = tables.get(change.table) ?? makeTable();
        tables.set(change.table, table);
        table.put(change);
      }
      checkpoint = to;
      return 'committed';
    },
    clear: () => {
      tables.clear();
      checkpoint = undefined;
    },
  };
};

/** Gone with the process. */
export const makeMemoryProjections = (): ProjectionDatabase => {
  const folds = new Map<string, { readonly version: string; readonly rows: ProjectionRows }>();
  return {
    rows: ({ name, version }) => {
      const known = folds.get(name);
      if (known?.version === version) return Promise.resolve(known.rows);
      const rows = makeMemoryRows();
      folds.set(name, { version, rows });
      return Promise.resolve(rows);
    },
    close: () => Promise.resolve(),
  };
};
