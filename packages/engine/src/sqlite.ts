import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import { makeMemoryEventLog } from '@learnamp/directory-sync-event-sourcing';
import type { Stores } from './memory.js';
import { isAbsent, openLocalStores, openTogether, type LocalStoresOptions } from './open-local-stores.js';

export { backUpSqliteStores } from './backup/back-up.js';
export type { BackupOptions } from './backup/back-up.js';
export type { BackupManifest } from './backup/manifest.js';
export { readErasures } from './backup/read-erasures.js';
export { restoreSqliteStores } from './backup/restore.js';
export type { RestoreOptions, RestoreReport } from './backup/restore.js';
export {
  openSqliteKeyStore,
  openSqliteLocalCache,
  rewrapSqliteKeyStore,
} from '@learnamp/directory-sync-event-log-sqlite';
export type { RewrapOptions } from '@learnamp/directory-sync-event-log-sqlite';
export { NoSqliteDriver, SqliteFileRefused } from '@learnamp/directory-sync-event-log-sqlite';

/**
 * The three files of a connection, or of several: log, key store, and what can be made again. They are made with mode
 * 0600.
 */
export type SqliteStoresOptions = LocalStoresOptions & {
  /** The file of the event log. */
  readonly logPath: string;
};

/**
 * Log, key store, and local database (cache, notification inbox, projections), in their three files (modes 0600). What was
 * opened is closed again when a later one fails.
 */
export const openSqliteStores = (options: SqliteStoresOptions): Promise<Stores> =>
  openTogether(async (keep) => {
    const { logPath } = options;
    const log = keep(isAbsent(options, logPath) ? makeMemoryEventLog() : await openSqliteEventLog({ path: logPath }));
    return { log, ...(await openLocalStores(options, keep)) };
  });
