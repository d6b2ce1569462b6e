import { createRequire } from 'node:module';

/** What a column can hold, as far as these tests write it. */
export type Value = null | number | string | Uint8Array;

export type SqliteFile = {
  readonly prepare: (sql: string) => {
    readonly run: (...values: ReadonlyArray<Value>) => unknown;
    readonly get: (...values: ReadonlyArray<Value>) => unknown;
    readonly all: (...values: ReadonlyArray<Value>) => ReadonlyArray<unknown>;
  };
  readonly exec: (sql: string) => unknown;
  readonly close: () => void;
};

/** A file as somebody else opens and writes it, with whichever driver is there. */
export const openSqliteFile = (path: string): SqliteFile => {
  const builtIn = process.getBuiltinModule('node:sqlite') as
    { readonly DatabaseSync: new (path: string) => SqliteFile } | undefined;
  if (builtIn !== undefined) return new builtIn.DatabaseSync(path);
  const Driver = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => SqliteFile;
  return new Driver(path);
};
