import { prepareKeyRows } from './key-rows.js';
import { keyStoreFile } from './key-store-file.js';
import { emptyWriteAheadLog } from './empty-write-ahead-log.js';
import { openFile } from './open-file.js';
import type { FileOptions } from './open-file.js';
import { whenFree, writeTransaction } from './write-transaction.js';

/** A key store as a file, for whoever tends copies of it: no key is handed out, so no master key is needed. */
export type KeyStoreFile = {
  readonly id: string | undefined;
  /** Which of these the file never had. */
  readonly missing: (keyIds: ReadonlyArray<string>) => Promise<ReadonlyArray<string>>;
  /** Resolves with how many of these owners had a key. */
  readonly destroy: (owners: ReadonlyArray<string>) => Promise<number>;
  readonly close: () => void;
};

/** Rejects like `openSqliteEventLog`. */
export const openKeyStoreFile = async (options: FileOptions): Promise<KeyStoreFile> => {
  const connection = await openFile(keyStoreFile, options);
  const rows = prepareKeyRows(connection);
  const id = connection.prepare('SELECT id FROM store').get()?.['id'];
  return {
    id: typeof id === 'string' ? id : undefined,
    missing: (keyIds) =>
      whenFree(() => {
        const known = new Set(rows.byId(keyIds).map(({ keyId }) => keyId));
        return keyIds.filter((keyId) => !known.has(keyId));
      }),
    destroy: async (owners) => {
      const destroyed = await writeTransaction(connection, () => {
        const standing = [...rows.ofOwners(owners)].filter(([, keys]) =>
          keys.some(({ stored }) => stored !== undefined),
        );
        for (const [owner] of standing) rows.destroy(owner, undefined);
        return standing.length;
      });
      await emptyWriteAheadLog(connection, 'key store');
      return destroyed;
    },
    close: connection.close,
  };
};
