import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { openFile } from './open-file.js';
import type { FileKind, FileOptions } from './open-file.js';
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

/** The database of this machine. Nothing in it is the only copy of anything: what is lost costs time. */
export const localFile: FileKind = {
  name: 'local database',
  applicationId: 0x45764c63n, // 'EvLc'
  migrations: [cacheSchema, inboxSchema],
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

/**
 * A connection of one user (cache, inbox) of the local database, which replaces its file when that is damaged.
 *
 * Invariant: users of one path end up in one file. Whoever finds it damaged puts it aside once, and the others follow
 * at their next call.
 */
export const openLocalDatabase = async <TRows>(
  options: FileOptions,
  { pragmas, prepare }: { readonly pragmas: ReadonlyArray<string>; readonly prepare: (on: Connection) => TRows },
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
      if (!(error instanceof SqliteFileRefused) || error.reason !== 'damaged') throw error;
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
