import { existsSync } from 'node:fs';
import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import {
  openSqliteInbox,
  openSqliteKeyStore,
  openSqliteLocalCache,
  openSqliteProjections,
} from '@learnamp/directory-sync-event-log-sqlite';
import {
  makeMemoryCache,
  makeMemoryInbox,
  makeMemoryKeyStore,
  makeMemoryProjections,
} from '@learnamp/directory-sync-event-sourcing';
import type { Stores } from './memory.js';

export { EventStoreDbConnectionRefused } from '@learnamp/directory-sync-event-log-eventstoredb';
export { NoSqliteDriver, SqliteFileRefused } from '@learnamp/directory-sync-event-log-sqlite';

export type EventStoreDbStoresOptions = {
  /** `esdb://user:password@host:port,host:port?tls=true`, or `esdb+discover://` and a name. Login and TLS stand in it. */
  readonly connectionString: string;
  /** The key store's file: it belongs to the log, and is backed up with it. */
  readonly keysPath: string;
  /** The local database of this machine: made anew from the log wherever it is missing. */
  readonly localPath: string;
  /**
   * For previews and views: makes no file (what does not exist yet is an empty store in memory), and the projections are a
   * snapshot of this moment that takes no commits.
   */
  readonly readOnly?: boolean | undefined;
};

/**
 * The log in EventStoreDB; key store and local database (cache, notification inbox, projections) in files of this machine.
 * Connects at the first call. What was opened is closed again when a later one fails.
 */
export const openEventStoreDbStores = async (options: EventStoreDbStoresOptions): Promise<Stores> => {
  const { connectionString, keysPath, localPath } = options;
  const snapshot = options.readOnly === true;
  const absent = (path: string): boolean => snapshot && !existsSync(path);
  const opened: { readonly close: () => Promise<void> }[] = [];
  const keep = <A extends { readonly close: () => Promise<void> }>(store: A): A => {
    opened.push(store);
    return store;
  };
  try {
    const keys = keep(absent(keysPath) ? makeMemoryKeyStore() : await openSqliteKeyStore({ path: keysPath }));
    const noLocal = absent(localPath);
    const projections = keep(
      noLocal ? makeMemoryProjections() : await openSqliteProjections({ path: localPath, snapshot }),
    );
    const cache = keep(noLocal ? makeMemoryCache() : await openSqliteLocalCache({ path: localPath }));
    const inbox = keep(noLocal ? makeMemoryInbox() : await openSqliteInbox({ path: localPath }));
    const log = openEventStoreDbEventLog({ connectionString, projections, snapshot: snapshot && !noLocal });
    return { log, keys, cache, inbox, projections };
  } catch (error) {
    for (const store of opened) await store.close();
    throw error;
  }
};
