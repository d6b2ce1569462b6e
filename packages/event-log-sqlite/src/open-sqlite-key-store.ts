import { randomBytes, randomUUID } from 'node:crypto';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DataKey, KeyLookup, KeyStore, KeyStoreFailure, OwnedKey } from '@learnamp/directory-sync-event-sourcing';
import { prepareKeyRows } from './key-rows.js';
import type { KeyRow, StoredKey } from './key-rows.js';
import { keyStoreFile } from './key-store-file.js';
import { emptyWriteAheadLog } from './empty-write-ahead-log.js';
import { openFile } from './open-file.js';
import type { FileOptions } from './open-file.js';
import type { Connection } from './sqlite-driver.js';
import { whenFree, writeTransaction } from './write-transaction.js';

const KEY_BYTES = 32;

const dataKey = ({ keyId, stored }: StoredKey): DataKey => ({
  keyId,
  key: Uint8Array.from(Buffer.from(stored, 'hex')),
});

const lookupOf = ({ keyId, stored }: KeyRow): KeyLookup =>
  stored === undefined ? { _tag: 'Destroyed' } : { _tag: 'Key', key: dataKey({ keyId, stored }) };

const ownedOf = (row: KeyRow): OwnedKey => {
  const lookup = lookupOf(row);
  const state = lookup._tag !== 'Key' ? 'destroyed' : row.retired ? 'retired' : 'present';
  return { keyId: row.keyId, state, lookup };
};

/** The identity is drawn by whoever opens the new file first. */
const storeId = (connection: Connection): Promise<string> =>
  writeTransaction(connection, () => {
    const known = connection.prepare('SELECT id FROM store').get()?.['id'];
    if (typeof known === 'string') return known;
    const id = randomUUID();
    connection.prepare('INSERT INTO store (id) VALUES (?)').run(id);
    return id;
  });

/**
 * Opens or makes a key store in a SQLite file of its own, readable by its owner only. A key is on the disk before it is
 * handed out. Destroying overwrites the keys of an owner, leaves tombstones, and resolves when no copy is left in the file
 * or beside it; when it fails, it may be asked again. What the disk, its snapshots and backups keep is beyond it.
 *
 * Rejects like `openSqliteEventLog`.
 */
export const openSqliteKeyStore = async (options: FileOptions): Promise<KeyStore> => {
  const connection = await openFile(keyStoreFile, options);
  const id = await storeId(connection);
  const rows = prepareKeyRows(connection);
  const attempt = <T>(body: () => Promise<T>): TE.TaskEither<KeyStoreFailure, T> =>
    TE.tryCatch(body, (cause): KeyStoreFailure => ({ _tag: 'KeyStoreUnavailable', cause }));

  const make = (owner: string): DataKey => {
    const key: DataKey = { keyId: randomUUID(), key: Uint8Array.from(randomBytes(KEY_BYTES)) };
    rows.add(owner, key.keyId, key.key);
    return key;
  };
  const presentKey = (owner: string): DataKey | undefined => {
    const key = rows.present(owner);
    return key === undefined ? undefined : dataKey(key);
  };
  const makeMissing = (owners: ReadonlyArray<string>): Promise<ReadonlyMap<string, DataKey>> =>
    writeTransaction(
      connection,
      () => new Map(owners.map((owner) => [owner, presentKey(owner) ?? make(owner)] as const)),
    );

  return {
    id,
    current: (owners) =>
      attempt(async () => {
        const keys = new Map<string, DataKey>();
        for (const owner of owners) {
          const key = presentKey(owner);
          if (key !== undefined) keys.set(owner, key);
        }
        const missing = owners.filter((owner) => !keys.has(owner));
        if (missing.length > 0) for (const [owner, key] of await makeMissing(missing)) keys.set(owner, key);
        return keys;
      }),
    byId: (keyIds) =>
      attempt(() =>
        whenFree(() => {
          const lookups = new Map<string, KeyLookup>(keyIds.map((keyId) => [keyId, { _tag: 'Missing' }]));
          for (const row of rows.byId(keyIds)) lookups.set(row.keyId, lookupOf(row));
          return lookups;
        }),
      ),
    ofOwners: (owners) =>
      attempt(() =>
        whenFree(
          () => new Map([...rows.ofOwners(owners)].map(([owner, owned]) => [owner, owned.map(ownedOf)] as const)),
        ),
      ),
    rotate: (owners) => attempt(() => writeTransaction(connection, () => ({ retired: rows.retire(owners) }))),
    destroy: (owner, keyIds) =>
      attempt(async () => {
        await writeTransaction(connection, () => rows.destroy(owner, keyIds));
        await emptyWriteAheadLog(connection, 'key store');
      }),
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
};
