import { openEventStoreDbEventLog } from '@learnamp/directory-sync-event-log-eventstoredb';
import { openSqliteInbox, openSqliteKeyStore, openSqliteLocalCache } from '@learnamp/directory-sync-event-log-sqlite';
import { makeMemoryProjections } from '@learnamp/directory-sync-event-sourcing';
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
};

/**
 * The log in EventStoreDB, key store and local database in files of this machine. Connects at the first call. What was
 * opened is closed again when a later one fails.
 */
export const openEventStoreDbStores = async (options: EventStoreDbStoresOptions): Promise<Stores> => {
  const { connectionString, keysPath, localPath } = options;
  const opened: { readonly close: () => Promise<void> }[] = [];
  const keep = <A extends { readonly close: () => Promise<void> }>(store: A): A => {
    opened.push(store);
    return store;
  };
  try {
    const projections = keep(makeMemoryProjections());
    const log = keep(openEventStoreDbEventLog({ connectionString, projections }));
    const keys = keep(await openSqliteKeyStore({ path: keysPath }));
    const cache = keep(await openSqliteLocalCache({ path: localPath }));
    const inbox = await openSqliteInbox({ path: localPath });
    return { log, keys, cache, inbox, projections };
  } catch (error) {
    for (const store of opened.reverse()) await store.close();
    throw error;
  }
};
