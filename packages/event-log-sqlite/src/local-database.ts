import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { openFile, openFileNow } from './open-file.js';
import type { FileKind, FileOptions } from './open-file.js';
import { loadDriver } from './sqlite-driver.js';
import type { Connection } from './sqlite-driver.js';
import { SqliteFileRefused } from './sqlite-errors.js';

const cacheSchema = 'CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;';

/**
 * One row for each transaction, tenant and kind of resource. `AUTOINCREMENT`: no sequence is ever given out twice, also
 * when the table was emptied. It starts at the time in microseconds, so that a file begun again is ahead of the one before it.
 */
const inboxSchema = `
  CREATE TABLE inbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    count INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL
  ) STRICT;
  CREATE INDEX inbox_by_tenant ON inbox (tenant_id);
  INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', CAST(unixepoch('subsec') * 1000000 AS INTEGER));
`;

/**
 * Rows stand in a table with row numbers: in the tree of a table without them, rows of a kilobyte at random keys are
 * written three times as slowly. A row names its own entries too, so that those of a row that stays where it was found are
 * left alone. `AUTOINCREMENT`: a fold that was dropped and begun again is told from the one before it.
 */
const projectionSchema = `
  CREATE TABLE projection_folds (
    fold_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    version TEXT NOT NULL,
    revision INTEGER,
    hash TEXT
  ) STRICT;
  CREATE TABLE projection_rows (
    row_id INTEGER PRIMARY KEY,
    fold_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    entries TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX projection_rows_by_key ON projection_rows (fold_id, table_name, key);
  CREATE TABLE projection_entries (
    fold_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    index_name TEXT NOT NULL,
    value TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (fold_id, table_name, index_name, value, key)
  ) STRICT, WITHOUT ROWID;
`;

/** Rows without a checksum are not believed, so those from before are dropped: they are folded anew. */
const checksumSchema = `
  DELETE FROM projection_entries;
  DELETE FROM projection_rows;
  DELETE FROM projection_folds;
  ALTER TABLE projection_rows ADD COLUMN checksum INTEGER NOT NULL DEFAULT -1;
`;

/**
 * Several folds of one name: of other versions, and one that is built beside the one that stands. What stands there says of
 * itself whether it is what was written. Folds from before are dropped: nothing says that of them.
 */
const stagesSchema = `
  DELETE FROM projection_entries;
  DELETE FROM projection_rows;
  DROP TABLE projection_folds;
  CREATE TABLE projection_folds (
    fold_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    stage TEXT NOT NULL,
    revision INTEGER,
    hash TEXT,
    since TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    checksum INTEGER NOT NULL DEFAULT -1
  ) STRICT;
  CREATE UNIQUE INDEX projection_folds_by_name ON projection_folds (name, version, stage) WHERE stage <> 'retired';
`;

/** The database of this machine. Nothing in it is the only copy of anything: what is lost costs time. */
export const localFile: FileKind = {
  name: 'local database',
  applicationId: 0x45764c63n, // 'EvLc'
  migrations: [cacheSchema, inboxSchema, projectionSchema, checksumSchema, stagesSchema],
  // A table that needs more than this (the inbox) says so where it is opened.
  pragmas: ['synchronous = NORMAL'],
};

/** Kept as `.damaged`, not deleted: a mistyped path must not cost anybody a file. */
const putAside = (path: string): void => {
  if (existsSync(path)) renameSync(path, `${path}.damaged`);
  for (const companion of [`${path}-wal`, `${path}-shm`]) rmSync(companion, { force: true });
};

/** Which file stands under the path: another one after somebody put a damaged file aside. */
const fileAt = (path: string): string | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
};

export type LocalDatabase<TRows> = {
  /** The statements over the file that stands under the path now. */
  readonly rows: () => Promise<TRows>;
  /** After damage: puts the file aside, unless somebody has done so already, and begins an empty one. */
  readonly beginAgain: () => Promise<void>;
  /** May be called again. */
  readonly close: () => void;
};

/** No file is ever called so: what could not be opened again is tried anew by the next call. */
const CLOSED = 'closed';

type Opened<TRows> = { readonly connection: Connection; readonly file: string | undefined; readonly rows: TRows };

type LocalUser<TRows> = { readonly pragmas: ReadonlyArray<string>; readonly prepare: (on: Connection) => TRows };

const isRefusedAsDamaged = (error: unknown): boolean =>
  error instanceof SqliteFileRefused && error.reason === 'damaged';

/**
 * A connection of one user (cache, inbox) of the local database, which replaces its file when that is damaged.
 *
 * Invariant: users of one path end up in one file. Whoever finds it damaged puts it aside once, and the others follow
 * at their next call.
 */
export const openLocalDatabase = async <TRows>(
  options: FileOptions,
  { pragmas, prepare }: LocalUser<TRows>,
): Promise<LocalDatabase<TRows>> => {
  const kind: FileKind = { ...localFile, pragmas: [...localFile.pragmas, ...pragmas] };
  let closed = false;
  let opening: Promise<Opened<TRows>> | undefined;

  const open = async (): Promise<Opened<TRows>> => {
    const connection = await openFile(kind, options);
    return { connection, file: fileAt(options.path), rows: prepare(connection) };
  };

  const openAnew = async (): Promise<Opened<TRows>> => {
    try {
      return await open();
    } catch (error) {
      if (!isRefusedAsDamaged(error)) throw error;
      putAside(options.path);
      return open();
    }
  };

  let opened = await openAnew();

  const reopen = async (): Promise<Opened<TRows>> => {
    opening ??= (async () => {
      opened.connection.close();
      opened = { ...opened, file: CLOSED };
      opened = await openAnew();
      return opened;
    })().finally(() => {
      opening = undefined;
    });
    const anew = await opening;
    if (closed) anew.connection.close();
    return anew;
  };

  const isThere = (): boolean => closed || fileAt(options.path) === opened.file;

  return {
    rows: async () => (isThere() ? opened : await reopen()).rows,
    beginAgain: async () => {
      if (closed) return;
      if (opening === undefined && isThere()) putAside(options.path);
      await reopen();
    },
    close: () => {
      closed = true;
      opened.connection.close();
    },
  };
};

export type LocalDatabaseNow<TRows> = {
  /** The statements over the file that stands under the path now, which may have become another one. */
  readonly renewed: () => TRows;
  /** The statements over the file that was opened last, `undefined` where that was given up. */
  readonly rows: () => TRows | undefined;
  /** After damage: puts the file aside, unless somebody has done so already. `renewed` begins an empty one. */
  readonly giveUp: () => void;
  /** May be called again. */
  readonly close: () => void;
};

/**
 * The same for a user that answers at once (projections): another process in the way is waited for by SQLite itself, as
 * long as the pragma `busy_timeout` says.
 */
export const openLocalDatabaseNow = async <TRows>(
  options: FileOptions,
  { pragmas, prepare }: LocalUser<TRows>,
): Promise<LocalDatabaseNow<TRows>> => {
  const kind: FileKind = { ...localFile, pragmas: [...localFile.pragmas, ...pragmas] };
  const { path } = options;
  const driver = await loadDriver(options.driver);
  const onFile = (connection: Connection): Opened<TRows> => ({
    connection,
    file: fileAt(path),
    rows: prepare(connection),
  });
  const openNow = (): Opened<TRows> => onFile(openFileNow(kind, path, driver));

  const openAnew = (error: unknown): Opened<TRows> => {
    if (!isRefusedAsDamaged(error)) throw error;
    putAside(path);
    return openNow();
  };

  let closed = false;
  let opened: Opened<TRows> | undefined = await openFile(kind, options).then(onFile).catch(openAnew);

  const leave = (): void => {
    opened?.connection.close();
    opened = undefined;
  };

  const whileOpen = (): void => {
    if (closed) throw new Error(`The ${kind.name} is closed.`);
  };

  return {
    renewed: () => {
      whileOpen();
      if (opened !== undefined && fileAt(path) === opened.file) return opened.rows;
      leave();
      try {
        opened = openNow();
      } catch (error) {
        opened = openAnew(error);
      }
      return opened.rows;
    },
    rows: () => {
      whileOpen();
      return opened?.rows;
    },
    giveUp: () => {
      const file = opened?.file;
      leave();
      if (file !== undefined && fileAt(path) === file) putAside(path);
    },
    close: () => {
      closed = true;
      leave();
    },
  };
};
