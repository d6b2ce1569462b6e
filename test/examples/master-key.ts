// #region service
import type { MasterKey } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';

/** What a key management service offers, in whatever words. */
type Service = {
  readonly encrypt: (keyName: string, plain: Uint8Array) => Promise<Uint8Array>;
  readonly decrypt: (keyName: string, sealed: Uint8Array) => Promise<Uint8Array>;
};

export const masterKeyIn = (service: Service, keyName: string): MasterKey => ({
  id: `service:${keyName}`,
  wrap: (keys) => Promise.all(keys.map((key) => service.encrypt(keyName, key))),
  unwrap: (wrapped) => Promise.all(wrapped.map((key) => service.decrypt(keyName, key))),
});

export const openStores = (folder: string, masterKey: MasterKey) =>
  openSqliteStores({
    logPath: `${folder}/log.db`,
    keysPath: `${folder}/log.db.keys`,
    localPath: `${folder}/log.db.local`,
    masterKey,
  });
// #endregion
