import { existsSync, renameSync, rmSync } from 'node:fs';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { openFile } from './open-file.js';
import type { FileKind, FileOptions } from './open-file.js';
import type { Connection, Statement } from './sqlite-driver.js';
import { isDamaged, SqliteFileRefused } from './sqlite-errors.js';
import { whenFree } from './write-transaction.js';

/** The database of this machine: nothing in it is the only copy of anything, so it need not be on the disk at once. */
const localFile: FileKind = {
  name: 'local database',
  applicationId: 0x45764c63n, // 'EvLc'
  migrations: ['CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;'],
  pragmas: ['synchronous = NORMAL'],
};

type Opened = { readonly connection: Connection; readonly get: Statement; readonly put: Statement };

const openOnce = async (options: FileOptions): Promise<Opened> => {
  const connection = await openFile(localFile, options);
  return {
    connection,
    get: connection.prepare('SELECT value FROM cache WHERE key = ?'),
    put: connection.prepare(
      'INSERT INTO cache (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
  };
};

/** Kept as `.damaged`, not deleted: a mistyped path must not cost anybody a file. */
const putAside = (path: string): void => {
  if (existsSync(path)) renameSync(path, `${path}.damaged`);
  for (const companion of [`${path}-wal`, `${path}-shm`]) rmSync(companion, { force: true });
};

const openAnew = async (options: FileOptions): Promise<Opened> => {
  try {
    return await openOnce(options);
  } catch (error) {
    if (!(error instanceof SqliteFileRefused) || error.reason !== 'damaged') throw error;
    putAside(options.path);
    return openOnce(options);
  }
};

/**
 * Opens or makes the cache in the local database. A damaged file is put aside as `<path>.damaged` and begun again, also
 * when the damage shows later. Once open, no call rejects: a value that cannot be read is absent, one that cannot be
 * written is lost.
 *
 * Rejects like `openSqliteEventLog`, except for damage.
 */
export const openSqliteLocalCache = async (options: FileOptions): Promise<LocalCache> => {
  let opened = await openAnew(options);

  const beginAgain = async (): Promise<void> => {
    opened.connection.close();
    putAside(options.path);
    opened = await openOnce(options);
  };

  const forgiving = async <T>(body: (on: Opened) => T): Promise<T | undefined> => {
    try {
      return await whenFree(() => body(opened), { milliseconds: 1_000, pause: 15 });
    } catch (error) {
      if (isDamaged(error)) await beginAgain().catch(() => undefined);
      return undefined;
    }
  };

  return {
    get: async (key) => {
      const value = (await forgiving(({ get }) => get.get(key)))?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    put: async (key, value) => {
      await forgiving(({ put }) => put.run(key, value));
    },
    close: () => {
      opened.connection.close();
      return Promise.resolve();
    },
  };
};
