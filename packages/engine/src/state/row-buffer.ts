import type { ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import type { Entries } from './tables.js';

/** What one batch of events will leave behind: read through to the rows, written by one commit. */
export type RowBuffer = {
  readonly get: (table: string, key: string) => unknown;
  readonly put: (table: string, key: string, value: unknown) => void;
  readonly remove: (table: string, key: string) => void;
  readonly isStaged: (table: string, key: string) => boolean;
  readonly staged: (table: string) => Iterable<readonly [key: string, value: unknown]>;
  readonly changes: (
    entriesOf: (table: string, row: { readonly key: string; readonly value: unknown }) => Entries,
  ) => ReadonlyArray<RowChange>;
};

const none: Entries = {};

/**
 * What is known of one row: nobody else writes meanwhile, so it is read once. One row is asked for by several events of a
 * batch, and mostly is not there.
 */
type Cell = { value: unknown; isStaged: boolean };

export const makeRowBuffer = (read: ProjectionRows['get']): RowBuffer => {
  const tables = new Map<string, Map<string, Cell>>();
  const cellsOf = (table: string): Map<string, Cell> => {
    const known = tables.get(table);
    if (known !== undefined) return known;
    const made = new Map<string, Cell>();
    tables.set(table, made);
    return made;
  };
  const stage = (table: string, key: string, value: unknown): void => {
    const cells = cellsOf(table);
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { value, isStaged: true });
    else {
      cell.value = value;
      cell.isStaged = true;
    }
  };
  const staged = function* (table: string): Generator<readonly [key: string, value: unknown]> {
    for (const [key, { value, isStaged }] of tables.get(table) ?? []) if (isStaged) yield [key, value];
  };
  return {
    get: (table, key) => {
      const cells = cellsOf(table);
      const cell = cells.get(key);
      if (cell !== undefined) return cell.value;
      const value = read(table, key);
      cells.set(key, { value, isStaged: false });
      return value;
    },
    put: stage,
    remove: (table, key) => {
      stage(table, key, undefined);
    },
    isStaged: (table, key) => tables.get(table)?.get(key)?.isStaged === true,
    staged,
    changes: (entriesOf) => {
      const changes: RowChange[] = [];
      for (const [table, cells] of tables)
        for (const [key, { value, isStaged }] of cells)
          if (isStaged)
            changes.push({ table, key, value, entries: value === undefined ? none : entriesOf(table, { key, value }) });
      return changes;
    },
  };
};
