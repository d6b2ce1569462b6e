import { openMemoryStores, type Stores } from '@learnamp/directory-sync';
import type { Storage } from './configuration/configuration.js';

export type OpenStoresOptions = {
  readonly readOnly: boolean;
  /** How long somebody waits for an answer of the log; `undefined`: a process that tries again whatever happens. */
  readonly patienceMs: number | undefined;
};

export const openStores = async (storage: Storage, { readOnly, patienceMs }: OpenStoresOptions): Promise<Stores> => {
  if (storage.kind === 'memory') return openMemoryStores();
  const { keysPath, localPath } = storage;
  if (storage.kind === 'eventstoredb') {
    const { openEventStoreDbStores } = await import('@learnamp/directory-sync/eventstoredb');
    const connectionString = storage.connectionString.reveal();
    return openEventStoreDbStores({ connectionString, keysPath, localPath, readOnly, patienceMs });
  }
  const { openSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  return openSqliteStores({ logPath: storage.logPath, keysPath, localPath, readOnly });
};
