// #region stores
import type { Stores } from '@learnamp/directory-sync';
import { openEventStoreDbStores } from '@learnamp/directory-sync/eventstoredb';

export const openStores = (connectionString: string, folder: string): Promise<Stores> =>
  openEventStoreDbStores({
    connectionString,
    keysPath: `${folder}/directory-sync.keys`,
    localPath: `${folder}/directory-sync.local`,
  });
// #endregion
