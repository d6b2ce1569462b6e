import type { Head } from './envelope.js';
import { ProjectionRowsLost } from './projection-rows-lost.js';
import type { ProjectionDatabase, ProjectionRows, RowChange } from './projection-rows.js';
import { sameHead } from './same-head.js';

type Entries = RowChange['entries'];
type Row = { readonly value: unknown; readonly entries: Entries };

const indexKey = (index: string, value: string): string => JSON.stringify([index, value]);

/** UTF-16 puts characters beyond U+FFFF before some of those below it; code points do not. */
const byCodePoints = (a: string, b: string): number => {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  // In the middle of a pair both halves differ in the lower one only, which orders as the whole does.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
};
const inOrder = (keys: Iterable<string>): ReadonlyArray<string> => [...keys].sort(byCodePoints);

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

/** What stands under a fold's name: its version, and its rows until they are cleared or another version takes their place. */
type Kept = {
  readonly version: string;
  readonly tables: Map<string, ReturnType<typeof makeTable>>;
  checkpoint: Head | undefined;
};
type Place = { kept: Kept | undefined };

const rowsAt = (place: Place, name: string, version: string): ProjectionRows => {
  const present = (): Kept | undefined => (place.kept?.version === version ? place.kept : undefined);
  let told = present();

  const tableOf = (table: string) => {
    if (told !== undefined && told !== present()) throw new ProjectionRowsLost(name);
    return (told ?? present())?.tables.get(table);
  };

  return {
    checkpoint: () => {
      told = present();
      return told?.checkpoint;
    },
    get: (table, key) => tableOf(table)?.rows.get(key)?.value,
    keysAt: (table, index, value) => inOrder(tableOf(table)?.at(index, value) ?? []),
    countAt: (table, index, value) => tableOf(table)?.at(index, value)?.size ?? 0,
    scan: function* (table) {
      for (const key of inOrder(tableOf(table)?.rows.keys() ?? [])) {
        const row = tableOf(table)?.rows.get(key);
        if (row !== undefined) yield [key, row.value];
      }
    },
    commit: (changes, from, to) => {
      const known = present();
      if (!sameHead(known?.checkpoint, from)) return 'moved';
      const kept: Kept = known ?? { version, tables: new Map(), checkpoint: undefined };
      for (const change of changes) {
        const table = kept.tables.get(change.table) ?? makeTable();
        kept.tables.set(change.table, table);
        table.put(change);
      }
      kept.checkpoint = to;
      place.kept = kept;
      told = kept;
      return 'committed';
    },
    clear: () => {
      place.kept = undefined;
      told = undefined;
    },
  };
};

/** Rows in memory, of one fold. Values are kept as they are given: whoever folds into them must not change them afterwards. */
export const makeMemoryRows = (): ProjectionRows => rowsAt({ kept: undefined }, 'a fold in memory', '');

/** Gone with the process. */
export const makeMemoryProjections = (): ProjectionDatabase => {
  const folds = new Map<string, Place>();
  return {
    rows: ({ name, version }) => {
      const place = folds.get(name) ?? { kept: undefined };
      folds.set(name, place);
      return Promise.resolve(rowsAt(place, name, version));
    },
    close: () => Promise.resolve(),
  };
};
