import type { ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import type { Entries } from './tables.js';

/** What one batch of events will leave behind: read through to the rows, written by one commit. */
export type RowBuffer = {
  readonly get: (table: string, key: string) => unknown;
  readonly put: (table: string, key: string, value: unknown) => void;
  readonly remove: (table: string, key: string) => void;
  readonly isStaged: (table: string, key: string) => boolean;
  readonly staged: (table: string) => IterableIterator<readonly [key: string, value: unknown]>;
  readonly changes: (
    entriesOf: (table: string, row: { readonly key: string; readonly value: unknown }) => Entries,
  ) => ReadonlyArray<RowChange>;
};

const noRows: ReadonlyMap<string, unknown> = new Map();
const none: Entries = {};

/** What was read of rows that nobody writes meanwhile: one row is asked for by several events of a batch, and mostly is not there. */
const readOnce = (read: ProjectionRows['get']): ProjectionRows['get'] => {
  const known = new Map<string, Map<string, unknown>>();
  return (table, key) => {
    let rows = known.get(table);
    if (rows === undefined) known.set(table, (rows = new Map<string, unknown>()));
    const value = rows.get(key);
    if (value !== undefined || rows.has(key)) return value;
    const found = read(table, key);
    rows.set(key, found);
    return found;
  };
};

export const makeRowBuffer = (from: ProjectionRows['get']): RowBuffer => {
  const read = readOnce(from);
  const staged = new Map<string, Map<string, unknown>>();
  const stage = (table: string, key: string, value: unknown): void => {
    const rows = staged.get(table);
    if (rows === undefined) staged.set(table, new Map([[key, value]]));
    else rows.set(key, value);
  };
  return {
    get: (table, key) => {
      const rows = staged.get(table);
      const value = rows?.get(key);
      return value === undefined && rows?.has(key) !== true ? read(table, key) : value;
    },
    put: stage,
    remove: (table, key) => {
      stage(table, key, undefined);
    },
    isStaged: (table, key) => staged.get(table)?.has(key) === true,
    staged: (table) => (staged.get(table) ?? noRows).entries(),
    changes: (entriesOf) => {
      const changes: RowChange[] = [];
      for (const [table, rows] of staged)
        for (const [key, value] of rows)
          changes.push({ table, key, value, entries: value === undefined ? none : entriesOf(table, { key, value }) });
      return changes;
    },
  };
};
