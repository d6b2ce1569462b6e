import { openMemoryStores, type Stores } from '@learnamp/directory-sync';
import type { Storage } from './configuration/configuration.js';

export const openStores = async (storage: Storage, readOnly: boolean): Promise<Stores> => {
  if (storage.kind === 'memory') return openMemoryStores();
  const { openSqliteStores } = await import('@learnamp/directory-sync/sqlite');
  const { logPath, keysPath, localPath } = storage;
  return openSqliteStores({ logPath, keysPath, localPath, readOnly });
};
