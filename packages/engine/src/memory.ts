import type { EventLog, KeyStore, LocalCache, NotificationInbox } from '@learnamp/directory-sync-event-sourcing';
import {
  makeMemoryCache,
  makeMemoryEventLog,
  makeMemoryInbox,
  makeMemoryKeyStore,
} from '@learnamp/directory-sync-event-sourcing';

/** Log, key store, cache and notification inbox of one connection or many. */
export type Stores = {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly cache: LocalCache;
  readonly inbox: NotificationInbox;
};

/** Everything in memory, for tests and demonstrations: gone with the process. */
export const openMemoryStores = (): Stores => ({
  log: makeMemoryEventLog(),
  keys: makeMemoryKeyStore(),
  cache: makeMemoryCache(),
  inbox: makeMemoryInbox(),
});
