import type {
  EventLog,
  KeyStore,
  LocalCache,
  NotificationInbox,
  ProjectionDatabase,
} from '@learnamp/directory-sync-event-sourcing';
import {
  makeMemoryCache,
  makeMemoryEventLog,
  makeMemoryInbox,
  makeMemoryKeyStore,
  makeMemoryProjections,
} from '@learnamp/directory-sync-event-sourcing';

/** Log, key store, cache, notification inbox and projections of one connection or many. */
export type Stores = {
  /** The event log: the truth. */
  readonly log: EventLog;
  /** The key store that opens the log: the two are backed up together. */
  readonly keys: KeyStore;
  /** What may be thrown away. */
  readonly cache: LocalCache;
  /** Marks of notifications, durable before Graph is answered. */
  readonly inbox: NotificationInbox;
  /** The folded state, by row: rebuilt from the log whenever it is lost. */
  readonly projections: ProjectionDatabase;
};

/** Everything in memory, for tests and demonstrations: gone with the process. */
export const openMemoryStores = (): Stores => ({
  log: makeMemoryEventLog(),
  keys: makeMemoryKeyStore(),
  cache: makeMemoryCache(),
  inbox: makeMemoryInbox(),
  projections: makeMemoryProjections(),
});
