import { openMemoryStores, type MasterKey, type Stores } from '@learnamp/directory-sync';
import type { Storage } from './configuration/configuration.js';

export type OpenStoresOptions = {
  readonly readOnly: boolean;
  /** How long somebody waits for an answer of the log; `undefined`: a process that tries again whatever happens. */
  readonly patienceMs: number | undefined;
};

export const masterKeyOf = async (
  storage: Exclude<Storage, { readonly kind: 'memory' }>,
): Promise<MasterKey | undefined> => {
  if (storage.masterKey === undefined) return undefined;
  const { localMasterKey } = await import('@learnamp/directory-sync');
  return localMasterKey(Uint8Array.from(Buffer.from(storage.masterKey.reveal(), 'base64')));
};

export const openStores = async (storage: Storage, { readOnly, patienceMs }: OpenStoresOptions): Promise<Stores> => {
  if (storage.kind === 'memory') return openMemoryStores();
  const { keysPath, localPath } = storage;
  const masterKey = await masterKeyOf(storage);
  if (storage.kind === 'eventstoredb') {
    const { openEventStoreDbStores } = await import('@learnamp/directory-sync/eventstoredb');
    const connectionString = storage.connectionString.reveal();
    return openEventStoreDbStores({ connectionString, keysPath, localPath, masterKey, readOnly, patienceMs });
  }
  const { openSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  return openSqliteStores({ logPath: storage.logPath, keysPath, localPath, masterKey, readOnly });
};
