import type { DataKey, MasterKey } from '@learnamp/directory-sync-event-sourcing';
import { makeBoundedCache } from '@learnamp/directory-sync-event-sourcing';
import type { StoredKey } from './key-rows.js';
import type { Connection } from './sqlite-driver.js';
import { SqliteFileRefused } from './sqlite-errors.js';

/** Between the keys and the bytes that stand for them in the file. */
export type KeyWrapping = {
  readonly masterKey: string | undefined;
  readonly toStored: (keys: ReadonlyArray<DataKey>) => Promise<ReadonlyArray<Uint8Array>>;
  readonly fromStored: (stored: ReadonlyArray<StoredKey>) => Promise<ReadonlyMap<string, DataKey>>;
};

const mismatch = (message: string): SqliteFileRefused => new SqliteFileRefused('mismatch', message);

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const KEY_BYTES = 32;

/** Any bytes would do to seal with: what another process wrapped meanwhile must not be taken for a key. */
const plainKey = ({ keyId, stored }: StoredKey): readonly [string, DataKey] => {
  const key = fromHex(stored);
  if (key.length !== KEY_BYTES) throw mismatch('The keys are wrapped since this process opened them: start it again.');
  return [keyId, { keyId, key }];
};

export const plainKeys: KeyWrapping = {
  masterKey: undefined,
  toStored: (keys) => Promise.resolve(keys.map(({ key }) => key)),
  fromStored: (stored) => new Promise((resolve) => resolve(new Map(stored.map(plainKey)))),
};

/** Keys that are open in memory: a page of the log asks a service once, and the next one about the same people not at all. */
const OPENED = 4_096;
const AT_ONCE = 500;

/**
 * Keys as a master key wraps them. The cache is asked only for keys whose rows were just read, so a key that another process
 * destroyed is not opened from here.
 */
export const wrappedKeys = (masterKey: MasterKey): KeyWrapping => {
  const opened = makeBoundedCache<string, DataKey>(OPENED);
  return {
    masterKey: masterKey.id,
    toStored: (keys) => masterKey.wrap(keys.map(({ key }) => key)),
    fromStored: async (stored) => {
      const found = new Map<string, DataKey>();
      const closed: StoredKey[] = [];
      for (const row of stored) {
        const known = opened.get(row.keyId);
        if (known === undefined) closed.push(row);
        else found.set(row.keyId, known);
      }
      for (let at = 0; at < closed.length; at += AT_ONCE) {
        const batch = closed.slice(at, at + AT_ONCE);
        const keys = await masterKey.unwrap(batch.map(({ stored: hex }) => fromHex(hex)));
        batch.forEach(({ keyId }, index) => {
          const key = keys[index];
          if (key === undefined) throw new Error('The master key gave back fewer keys than it was given.');
          found.set(keyId, { keyId, key });
          opened.set(keyId, { keyId, key });
        });
      }
      return found;
    },
  };
};

/** The master key that the file says wraps its keys. */
export const masterKeyOf = (connection: Connection): string | undefined => {
  const id = connection.prepare('SELECT master_key FROM store').get()?.['master_key'];
  return typeof id === 'string' ? id : undefined;
};

/** Refuses a file whose keys this master key, or its absence, does not open: they are there, and not erased. */
export const checkMasterKey = (path: string, standing: string | undefined, given: string | undefined): void => {
  if (standing === given) return;
  if (given === undefined)
    throw mismatch(`The keys in ${path} are wrapped by the master key ${standing}: give it in keys.masterKey.`);
  if (standing === undefined)
    throw mismatch(`The keys in ${path} are not wrapped yet: run "directory-sync keys rewrap" once.`);
  throw mismatch(
    `The keys in ${path} are wrapped by the master key ${standing}, not by ${given}: give that one, or run "directory-sync keys rewrap" with it.`,
  );
};
