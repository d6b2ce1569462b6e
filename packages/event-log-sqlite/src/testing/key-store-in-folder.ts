import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { openSqliteKeyStore } from '../open-sqlite-key-store.js';
import { scratchFolder } from './scratch-folder.js';

type Options = Omit<Parameters<typeof openSqliteKeyStore>[0], 'path'>;

/** A key store in a file of a folder of its own, which may be opened again: what the conformance suite works with. */
export const keyStoreInFolder = async (
  options: Options,
): Promise<{
  readonly keys: KeyStore;
  readonly reopen: () => Promise<KeyStore>;
  readonly close: () => Promise<void>;
}> => {
  const folder = await scratchFolder();
  const open = () => openSqliteKeyStore({ path: folder.path('log.db.keys'), ...options });
  const first = await open();
  let keys: KeyStore = first;
  return {
    keys: first,
    reopen: async () => {
      await keys.close();
      keys = await open();
      return keys;
    },
    close: async () => {
      await keys.close();
      await folder.remove();
    },
  };
};
