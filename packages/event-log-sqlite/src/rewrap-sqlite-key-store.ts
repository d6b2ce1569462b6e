import type { MasterKey } from '@learnamp/directory-sync-event-sourcing';
import { emptyWriteAheadLog } from './empty-write-ahead-log.js';
import { keyStoreFile } from './key-store-file.js';
import type { StoredKey } from './key-rows.js';
import { checkMasterKey, masterKeyOf, plainKeys, wrappedKeys } from './key-wrapping.js';
import { openFile } from './open-file.js';
import type { FileOptions } from './open-file.js';
import type { Connection } from './sqlite-driver.js';
import { whenFree, writeTransaction } from './write-transaction.js';

/** The key store, and the master keys before and after. All keys are wrapped in one step, or none. */
export type RewrapOptions = FileOptions & {
  /** What wraps the keys now; left out, they stand as they are. */
  readonly from?: MasterKey | undefined;
  /** What is to wrap them; left out, they will stand as they are. */
  readonly to?: MasterKey | undefined;
};

const ATTEMPTS = 5;
const AT_ONCE = 500;

const standingKeys = (connection: Connection): ReadonlyArray<StoredKey> =>
  connection
    .prepare('SELECT key_id, hex(key) AS hex FROM keys WHERE key IS NOT NULL ORDER BY key_id')
    .all()
    .map((row) => ({ keyId: String(row['key_id']), stored: String(row['hex']) }));

const wrapAnew = async (
  keys: ReadonlyArray<StoredKey>,
  { from, to }: RewrapOptions,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const wrappingOf = (masterKey: MasterKey | undefined) =>
    masterKey === undefined ? plainKeys : wrappedKeys(masterKey);
  const [before, after] = [wrappingOf(from), wrappingOf(to)];
  const wrapped = new Map<string, Uint8Array>();
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const opened = [...(await before.fromStored(keys.slice(at, at + AT_ONCE))).values()];
    const stored = await after.toStored(opened);
    opened.forEach(({ keyId }, index) => {
      const bytes = stored[index];
      if (bytes === undefined) throw new Error('The master key gave back fewer keys than it was given.');
      wrapped.set(keyId, bytes);
    });
  }
  return wrapped;
};

/** All keys in one transaction. `false`: somebody made or destroyed one meanwhile, and nothing was changed. */
const replaceAll = (
  connection: Connection,
  options: RewrapOptions,
  wrapped: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> =>
  writeTransaction(connection, () => {
    checkMasterKey(options.path, masterKeyOf(connection), options.from?.id);
    const now = standingKeys(connection);
    if (now.length !== wrapped.size || now.some(({ keyId }) => !wrapped.has(keyId))) return false;
    const update = connection.prepare('UPDATE keys SET key = ? WHERE key_id = ?');
    for (const [keyId, bytes] of wrapped) update.run(bytes, keyId);
    connection.prepare('UPDATE store SET master_key = ?').run(options.to?.id ?? null);
    return true;
  });

/**
 * Wraps every key of a store under another master key, or for the first time, or no more: all of them or none. When it
 * resolves, no key stands in the file as it stood before. Data keys stay what they are, so nothing is sealed anew.
 *
 * Rejects like `openSqliteEventLog`; with reason `mismatch` where `from` is not what wraps the keys now.
 */
export const rewrapSqliteKeyStore = async (options: RewrapOptions): Promise<{ readonly keys: number }> => {
  const connection = await openFile(keyStoreFile, options);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      checkMasterKey(options.path, masterKeyOf(connection), options.from?.id);
      const wrapped = await wrapAnew(await whenFree(() => standingKeys(connection)), options);
      if (!(await replaceAll(connection, options, wrapped))) continue;
      await whenFree(() => connection.exec('VACUUM'));
      await emptyWriteAheadLog(connection, 'key store');
      return { keys: wrapped.size };
    }
    throw new Error('Others keep writing to the key store; no key was wrapped anew.');
  } finally {
    connection.close();
  }
};
