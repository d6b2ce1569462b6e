import type { EventLog, KeyStore, LocalCache } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryCache, makeMemoryEventLog, makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';

/** Log, key store and cache of one connection or many. */
export type Stores = { readonly log: EventLog; readonly keys: KeyStore; readonly cache: LocalCache };

/** Everything in memory, for tests and demonstrations: gone with the process. */
export const openMemoryStores = (): Stores => ({
  log: makeMemoryEventLog(),
  keys: makeMemoryKeyStore(),
  cache: makeMemoryCache(),
});
