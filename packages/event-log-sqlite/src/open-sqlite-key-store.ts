import { randomBytes, randomUUID } from 'node:crypto';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type {
  DataKey,
  KeyLookup,
  KeyStore,
  KeyStoreFailure,
  MasterKey,
  OwnedKey,
} from '@learnamp/directory-sync-event-sourcing';
import { emptyWriteAheadLog } from './empty-write-ahead-log.js';
import { prepareKeyRows } from './key-rows.js';
import type { KeyRow, KeyRows, StoredKey } from './key-rows.js';
import { keyStoreFile } from './key-store-file.js';
import { checkMasterKey, masterKeyOf, plainKeys, wrappedKeys } from './key-wrapping.js';
import type { KeyWrapping } from './key-wrapping.js';
import { openFile } from './open-file.js';
import type { FileOptions } from './open-file.js';
import type { Connection } from './sqlite-driver.js';
import { whenFree, writeTransaction } from './write-transaction.js';

export type KeyStoreOptions = FileOptions & {
  /** Wraps every key in the file. A store that another one wraps, or none, is refused. Default: keys stand as they are. */
  readonly masterKey?: MasterKey | undefined;
};

const KEY_BYTES = 32;

/** The identity is drawn by whoever opens the new file first, who also decides what wraps its keys. */
const openStore = (connection: Connection, path: string, masterKey: string | undefined): Promise<string> =>
  writeTransaction(connection, () => {
    const known = connection.prepare('SELECT id FROM store').get()?.['id'];
    const isEmpty = connection.prepare('SELECT 1 FROM keys LIMIT 1').get() === undefined;
    if (typeof known === 'string' && !(isEmpty && masterKeyOf(connection) === undefined)) {
      checkMasterKey(path, masterKeyOf(connection), masterKey);
      return known;
    }
    const id = typeof known === 'string' ? known : randomUUID();
    if (known === undefined) connection.prepare('INSERT INTO store (id) VALUES (?)').run(id);
    connection.prepare('UPDATE store SET master_key = ?').run(masterKey ?? null);
    return id;
  });

const storedOf = ({ keyId, stored }: KeyRow): ReadonlyArray<StoredKey> =>
  stored === undefined ? [] : [{ keyId, stored }];

const openRows = async (wrapping: KeyWrapping, rows: ReadonlyArray<KeyRow>): Promise<(row: KeyRow) => KeyLookup> => {
  const opened = await wrapping.fromStored(rows.flatMap(storedOf));
  return ({ keyId }) => {
    const key = opened.get(keyId);
    return key === undefined ? { _tag: 'Destroyed' } : { _tag: 'Key', key };
  };
};

const stateOf = (row: KeyRow): OwnedKey['state'] =>
  row.stored === undefined ? 'destroyed' : row.retired ? 'retired' : 'present';

type Store = {
  readonly connection: Connection;
  readonly rows: KeyRows;
  readonly wrapping: KeyWrapping;
  readonly path: string;
};

const presentKeys = async (
  { rows, wrapping }: Store,
  owners: ReadonlyArray<string>,
): Promise<ReadonlyMap<string, DataKey>> => {
  const stored = new Map<string, StoredKey>();
  for (const owner of owners) {
    const key = rows.present(owner);
    if (key !== undefined) stored.set(owner, key);
  }
  const opened = await wrapping.fromStored([...stored.values()]);
  const keys = new Map<string, DataKey>();
  for (const [owner, { keyId }] of stored) {
    const key = opened.get(keyId);
    if (key !== undefined) keys.set(owner, key);
  }
  return keys;
};

/** Keys are wrapped before the transaction, since a service is asked for it; whose key another process made meanwhile keeps that. */
const makeMissing = async (store: Store, owners: ReadonlyArray<string>): Promise<ReadonlyMap<string, DataKey>> => {
  const { connection, rows, wrapping, path } = store;
  const made = owners.map((): DataKey => ({ keyId: randomUUID(), key: Uint8Array.from(randomBytes(KEY_BYTES)) }));
  const stored = await wrapping.toStored(made);
  await writeTransaction(connection, () => {
    checkMasterKey(path, masterKeyOf(connection), wrapping.masterKey);
    owners.forEach((owner, index) => {
      const [key, bytes] = [made[index], stored[index]];
      if (key === undefined || bytes === undefined)
        throw new Error('The master key gave back fewer keys than it was given.');
      if (rows.present(owner) === undefined) rows.add(owner, key.keyId, bytes);
    });
  });
  return presentKeys(store, owners);
};

const keyStoreOver = (store: Store, id: string): KeyStore => {
  const { connection, rows, wrapping } = store;
  const attempt = <T>(body: () => Promise<T>): TE.TaskEither<KeyStoreFailure, T> =>
    TE.tryCatch(body, (cause): KeyStoreFailure => ({ _tag: 'KeyStoreUnavailable', cause }));
  return {
    id,
    current: (owners) =>
      attempt(async () => {
        const keys = await presentKeys(store, owners);
        const missing = [...new Set(owners.filter((owner) => !keys.has(owner)))];
        return missing.length === 0 ? keys : new Map([...keys, ...(await makeMissing(store, missing))]);
      }),
    byId: (keyIds) =>
      attempt(async () => {
        const found = await whenFree(() => rows.byId(keyIds));
        const lookUp = await openRows(wrapping, found);
        const lookups = new Map<string, KeyLookup>(keyIds.map((keyId) => [keyId, { _tag: 'Missing' }]));
        for (const row of found) lookups.set(row.keyId, lookUp(row));
        return lookups;
      }),
    ofOwners: (owners) =>
      attempt(async () => {
        const found = await whenFree(() => rows.ofOwners(owners));
        const lookUp = await openRows(wrapping, [...found.values()].flat());
        const ownedOf = (row: KeyRow): OwnedKey => ({ keyId: row.keyId, state: stateOf(row), lookup: lookUp(row) });
        return new Map([...found].map(([owner, owned]) => [owner, owned.map(ownedOf)] as const));
      }),
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

/**
 * Opens or makes a key store in a SQLite file of its own, readable by its owner only. A key is on the disk before it is
 * handed out. Destroying overwrites the keys of an owner, leaves tombstones, and resolves when no copy is left in the file
 * or beside it; when it fails, it may be asked again. What the disk, its snapshots and backups keep is beyond it.
 *
 * Rejects like `openSqliteEventLog`; with reason `mismatch` where another master key wraps the keys, or none does.
 */
export const openSqliteKeyStore = async (options: KeyStoreOptions): Promise<KeyStore> => {
  const { path, masterKey } = options;
  const connection = await openFile(keyStoreFile, options);
  try {
    const id = await openStore(connection, path, masterKey?.id);
    const wrapping = masterKey === undefined ? plainKeys : wrappedKeys(masterKey);
    return keyStoreOver({ connection, rows: prepareKeyRows(connection), wrapping, path }, id);
  } catch (error) {
    connection.close();
    throw error;
  }
};
