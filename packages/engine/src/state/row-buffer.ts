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

const none: ReadonlyMap<string, unknown> = new Map();

export const makeRowBuffer = (read: ProjectionRows['get']): RowBuffer => {
  const staged = new Map<string, Map<string, unknown>>();
  const stage = (table: string, key: string, value: unknown): void => {
    const rows = staged.get(table) ?? new Map<string, unknown>();
    rows.set(key, value);
    staged.set(table, rows);
  };
  return {
    get: (table, key) => {
      const rows = staged.get(table);
      return rows?.has(key) === true ? rows.get(key) : read(table, key);
    },
    put: stage,
    remove: (table, key) => {
      stage(table, key, undefined);
    },
    isStaged: (table, key) => staged.get(table)?.has(key) === true,
    staged: (table) => (staged.get(table) ?? none).entries(),
    changes: (entriesOf) =>
      [...staged].flatMap(([table, rows]) =>
        [...rows].map(([key, value]) => ({
          table,
          key,
          value,
          entries: value === undefined ? {} : entriesOf(table, { key, value }),
        })),
      ),
  };
};
