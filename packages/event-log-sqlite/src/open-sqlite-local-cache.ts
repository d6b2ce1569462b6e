import { rmSync } from 'node:fs';
import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { emptyWriteAheadLog } from './empty-write-ahead-log.js';
import { openLocalDatabase } from './local-database.js';
import type { FileOptions } from './open-file.js';
import type { Connection, Statement } from './sqlite-driver.js';
import { isDamaged } from './sqlite-errors.js';
import { whenFree } from './write-transaction.js';

type CacheRows = {
  readonly get: Statement;
  readonly put: Statement;
  readonly take: Statement;
  readonly connection: Connection;
};

const prepare = (connection: Connection): CacheRows => ({
  connection,
  get: connection.prepare('SELECT value FROM cache WHERE key = ?'),
  put: connection.prepare(
    'INSERT INTO cache (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ),
  take: connection.prepare('DELETE FROM cache WHERE key = ? RETURNING value'),
});

/**
 * Opens or makes the cache in the local database. A damaged file is put aside as `<path>.damaged` and begun again, also
 * when the damage shows later. Once open, no call rejects: a value that cannot be read is absent, one that cannot be
 * written is lost.
 *
 * Rejects like `openSqliteEventLog`, except for damage. `secure_delete`: what is replaced is overwritten.
 */
export const openSqliteLocalCache = async (options: FileOptions): Promise<LocalCache> => {
  const database = await openLocalDatabase(options, { pragmas: ['secure_delete = ON'], prepare });

  const forgiving = async <T>(body: (rows: CacheRows) => T): Promise<T | undefined> => {
    try {
      const rows = await database.rows();
      return await whenFree(() => body(rows), { milliseconds: 1_000, pause: 15 });
    } catch (error) {
      if (isDamaged(error)) await database.beginAgain().catch(() => undefined);
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
    take: async (key) => {
      const value = (await forgiving(({ take }) => take.get(key)))?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    scrub: async () => {
      const { connection } = await database.rows();
      await emptyWriteAheadLog(connection, 'local database');
      rmSync(`${options.path}.damaged`, { force: true });
    },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};
