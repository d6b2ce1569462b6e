import type { Connection, SqlRow } from './sqlite-driver.js';

/** A key as it stands in the file, in hexadecimal: a blob of its own for each costs several times as much to read. */
export type StoredKey = { readonly keyId: string; readonly stored: string };

/** What the file says of a key id: the key, or a tombstone. */
export type KeyRow = { readonly keyId: string; readonly retired: boolean; readonly stored: string | undefined };

/** The statements of a key store. Nothing here knows whether keys are wrapped. */
export type KeyRows = {
  readonly present: (owner: string) => StoredKey | undefined;
  readonly add: (owner: string, keyId: string, stored: Uint8Array) => void;
  /** Key ids that the file does not know are left out. */
  readonly byId: (keyIds: ReadonlyArray<string>) => ReadonlyArray<KeyRow>;
  readonly ofOwners: (owners: ReadonlyArray<string>) => ReadonlyMap<string, ReadonlyArray<KeyRow>>;
  readonly retire: (owners: ReadonlyArray<string> | undefined) => number;
  readonly destroy: (owner: string, keyIds: ReadonlyArray<string> | undefined) => void;
};

const PRESENT = 'key IS NOT NULL AND retired = 0';

const rowOf = ({ key_id: keyId, retired, hex }: SqlRow): KeyRow => ({
  keyId: String(keyId),
  retired: retired === 1n,
  stored: typeof hex === 'string' && hex !== '' ? hex : undefined,
});

const prepareLookups = (connection: Connection): Pick<KeyRows, 'byId' | 'ofOwners'> => {
  // One statement for a page of events, not one for each person in it.
  const byId = connection.prepare(
    'SELECT k.key_id, k.retired, hex(k.key) AS hex FROM json_each(?) wanted CROSS JOIN keys k ON k.key_id = wanted.value',
  );
  const ofOwners = connection.prepare(
    `SELECT k.owner, k.key_id, k.retired, hex(k.key) AS hex FROM json_each(?) wanted CROSS JOIN keys k ON k.owner = wanted.value
     ORDER BY k.key IS NULL, k.retired, k.key_id`,
  );
  return {
    byId: (keyIds) => byId.all(JSON.stringify(keyIds)).map(rowOf),
    ofOwners: (owners) => {
      const found = new Map<string, KeyRow[]>(owners.map((owner) => [owner, []]));
      for (const row of ofOwners.all(JSON.stringify([...found.keys()]))) {
        found.get(String(row['owner']))?.push(rowOf(row));
      }
      return found;
    },
  };
};

export const prepareKeyRows = (connection: Connection): KeyRows => {
  const present = connection.prepare(
    `SELECT key_id, retired, hex(key) AS hex FROM keys WHERE owner = ? AND ${PRESENT}`,
  );
  const add = connection.prepare('INSERT INTO keys (key_id, owner, key) VALUES (?, ?, ?)');
  const retire = connection.prepare(`UPDATE keys SET retired = 1 WHERE owner = ? AND ${PRESENT} RETURNING key_id`);
  const retireAll = connection.prepare(`UPDATE keys SET retired = 1 WHERE ${PRESENT} RETURNING key_id`);
  const destroy = connection.prepare('UPDATE keys SET key = NULL WHERE owner = ? AND key IS NOT NULL');
  const destroyNamed = connection.prepare(
    'UPDATE keys SET key = NULL WHERE owner = ? AND key IS NOT NULL AND key_id IN (SELECT value FROM json_each(?))',
  );
  return {
    ...prepareLookups(connection),
    present: (owner) => {
      const row = present.get(owner);
      const { keyId, stored } = row === undefined ? { keyId: '', stored: undefined } : rowOf(row);
      return stored === undefined ? undefined : { keyId, stored };
    },
    add: (owner, keyId, stored) => add.run(keyId, owner, stored),
    retire: (owners) =>
      owners === undefined
        ? retireAll.all().length
        : owners.reduce((retired, owner) => retired + retire.all(owner).length, 0),
    destroy: (owner, keyIds) => {
      if (keyIds === undefined) destroy.run(owner);
      else destroyNamed.run(owner, JSON.stringify(keyIds));
    },
  };
};
