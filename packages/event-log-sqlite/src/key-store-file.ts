import type { FileKind } from './open-file.js';

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

/**
 * A retired key opens what it sealed; at most one key of an owner is neither retired nor destroyed. `master_key` is the id
 * of the master key that every key of the file is wrapped by, null where they stand as they are.
 */
const retiredKeys = `
  ALTER TABLE keys ADD COLUMN retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1));
  ALTER TABLE store ADD COLUMN master_key TEXT;
  DROP INDEX present_keys;
  CREATE UNIQUE INDEX present_keys ON keys (owner) WHERE key IS NOT NULL AND retired = 0;
  CREATE INDEX keys_of_owners ON keys (owner);
`;

/** `secure_delete`: what is taken out of the file is overwritten. */
export const keyStoreFile: FileKind = {
  name: 'key store',
  applicationId: 0x45764b73n, // 'EvKs'
  migrations: [firstSchema, retiredKeys],
  pragmas: ['synchronous = FULL', 'secure_delete = ON'],
};
