import { existsSync } from 'node:fs';
import {
  openSqliteEventLog,
  openSqliteInbox,
  openSqliteKeyStore,
  openSqliteLocalCache,
  openSqliteProjections,
} from '@learnamp/directory-sync-event-log-sqlite';
import {
  makeMemoryCache,
  makeMemoryEventLog,
  makeMemoryInbox,
  makeMemoryKeyStore,
  makeMemoryProjections,
} from '@learnamp/directory-sync-event-sourcing';
import type { Stores } from './memory.js';

export { NoSqliteDriver, SqliteFileRefused } from '@learnamp/directory-sync-event-log-sqlite';

export type SqliteStoresOptions = {
  readonly logPath: string;
  readonly keysPath: string;
  readonly localPath: string;
  /**
   * For previews and views: makes no file (what does not exist yet is an empty store in memory), and the projections are a
   * snapshot of this moment that takes no commits.
   */
  readonly readOnly?: boolean | undefined;
};

/**
 * Log, key store, and local database (cache, notification inbox, projections), in their three files (modes 0600). What was
 * opened is closed again when a later one fails.
 */
export const openSqliteStores = async (options: SqliteStoresOptions): Promise<Stores> => {
  const snapshot = options.readOnly === true;
  const absent = (path: string): boolean => snapshot && !existsSync(path);
  const opened: { readonly close: () => Promise<void> }[] = [];
  const keep = <A extends { readonly close: () => Promise<void> }>(store: A): A => {
    opened.push(store);
    return store;
  };
  const { logPath, keysPath, localPath } = options;
  try {
    const log = keep(absent(logPath) ? makeMemoryEventLog() : await openSqliteEventLog({ path: logPath }));
    const keys = keep(absent(keysPath) ? makeMemoryKeyStore() : await openSqliteKeyStore({ path: keysPath }));
    const noLocal = absent(localPath);
    // The snapshot before the others of its file: it is then the file as it was found.
    const projections = keep(
      noLocal ? makeMemoryProjections() : await openSqliteProjections({ path: localPath, snapshot }),
    );
    const cache = keep(noLocal ? makeMemoryCache() : await openSqliteLocalCache({ path: localPath }));
    const inbox = keep(noLocal ? makeMemoryInbox() : await openSqliteInbox({ path: localPath }));
    return { log, keys, cache, inbox, projections };
  } catch (error) {
    for (const store of opened) await store.close();
    throw error;
  }
};
