import { randomBytes, randomUUID } from 'node:crypto';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DataKey, KeyLookup, KeyStore, KeyStoreFailure } from '@learnamp/directory-sync-event-sourcing';
import { openFile } from './open-file.js';
import type { FileKind, FileOptions } from './open-file.js';
import type { Connection, SqlValue } from './sqlite-driver.js';
import { PATIENCE, whenFree, writeTransaction } from './write-transaction.js';

/** A row without a key is a tombstone. At most one row of an owner has a key. */
const firstSchema = `
  CREATE TABLE store (id TEXT NOT NULL) STRICT;
  CREATE TABLE keys (
    key_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    key BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX present_keys ON keys (owner) WHERE key IS NOT NULL;
`;

/** `secure_delete`: what is taken out of the file is overwritten. */
const keyStoreFile: FileKind = {
  name: 'key store',
  applicationId: 0x45764b73n, // 'EvKs'
  migrations: [firstSchema],
  pragmas: ['synchronous = FULL', 'secure_delete = ON'],
};

const KEY_BYTES = 32;

type KeyRows = {
  readonly present: (owner: string) => DataKey | undefined;
  readonly add: (owner: string) => DataKey;
  readonly lookUp: (keyIds: ReadonlyArray<string>) => ReadonlyMap<string, KeyLookup>;
  readonly destroy: (owner: string) => void;
};

/** Keys are read as hexadecimal text: a blob of its own for each costs several times as much. A tombstone has none. */
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const lookupOf = (keyId: string, hex: SqlValue | undefined): KeyLookup =>
  typeof hex === 'string' && hex !== '' ? { _tag: 'Key', key: { keyId, key: fromHex(hex) } } : { _tag: 'Destroyed' };

const prepareRows = (connection: Connection): KeyRows => {
  const present = connection.prepare('SELECT key_id, hex(key) AS hex FROM keys WHERE owner = ? AND key IS NOT NULL');
  // One statement for a page of events, not one for each person in it.
  const byId = connection.prepare(
    'SELECT k.key_id, hex(k.key) AS hex FROM json_each(?) wanted CROSS JOIN keys k ON k.key_id = wanted.value',
  );
  const add = connection.prepare('INSERT INTO keys (key_id, owner, key) VALUES (?, ?, ?)');
  const destroy = connection.prepare('UPDATE keys SET key = NULL WHERE owner = ? AND key IS NOT NULL');
  return {
    present: (owner) => {
      const row = present.get(owner);
      if (typeof row?.['key_id'] !== 'string' || typeof row['hex'] !== 'string') return undefined;
      return { keyId: row['key_id'], key: fromHex(row['hex']) };
    },
    add: (owner) => {
      const key: DataKey = { keyId: randomUUID(), key: Uint8Array.from(randomBytes(KEY_BYTES)) };
      add.run(key.keyId, owner, key.key);
      return key;
    },
    lookUp: (keyIds) => {
      const lookups = new Map<string, KeyLookup>(keyIds.map((keyId) => [keyId, { _tag: 'Missing' }]));
      for (const { key_id: keyId, hex } of byId.all(JSON.stringify(keyIds))) {
        if (typeof keyId === 'string') lookups.set(keyId, lookupOf(keyId, hex));
      }
      return lookups;
    },
    destroy: (owner) => destroy.run(owner),
  };
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

/** Empties the write-ahead log, which may still hold a page with the destroyed key. */
const emptyWriteAheadLog = (connection: Connection): Promise<void> =>
  whenFree(() => {
    const busy = connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
    if (busy !== 0n) throw Object.assign(new Error('Another process reads the key store.'), { code: 'SQLITE_BUSY' });
  }, PATIENCE);

/**
 * Opens or makes a key store in a SQLite file of its own, readable by its owner only. A key is on the disk before it is
 * handed out. Destroying overwrites the key, leaves a tombstone, and resolves when no copy is left in the file or beside
 * it; when it fails, it may be asked again. What the disk, its snapshots and backups keep is beyond it.
 *
 * Rejects like `openSqliteEventLog`.
 */
export const openSqliteKeyStore = async (options: FileOptions): Promise<KeyStore> => {
  const connection = await openFile(keyStoreFile, options);
  const id = await storeId(connection);
  const rows = prepareRows(connection);
  const attempt = <T>(body: () => Promise<T>): TE.TaskEither<KeyStoreFailure, T> =>
    TE.tryCatch(body, (cause): KeyStoreFailure => ({ _tag: 'KeyStoreUnavailable', cause }));

  const makeMissing = (owners: ReadonlyArray<string>): Promise<ReadonlyMap<string, DataKey>> =>
    writeTransaction(
      connection,
      () => new Map(owners.map((owner) => [owner, rows.present(owner) ?? rows.add(owner)] as const)),
    );

  return {
    id,
    current: (owners) =>
      attempt(async () => {
        const keys = new Map<string, DataKey>();
        for (const owner of owners) {
          const key = rows.present(owner);
          if (key !== undefined) keys.set(owner, key);
        }
        const missing = owners.filter((owner) => !keys.has(owner));
        if (missing.length > 0) for (const [owner, key] of await makeMissing(missing)) keys.set(owner, key);
        return keys;
      }),
    byId: (keyIds) => attempt(() => whenFree(() => rows.lookUp(keyIds))),
    destroy: (owner) =>
      attempt(async () => {
        await writeTransaction(connection, () => rows.destroy(owner));
        await emptyWriteAheadLog(connection);
      }),
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
};
