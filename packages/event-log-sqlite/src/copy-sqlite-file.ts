import { closeSync, existsSync, openSync } from 'node:fs';
import { eventLogFile } from './event-log-file.js';
import { keyStoreFile } from './key-store-file.js';
import type { FileKind } from './open-file.js';
import { loadDriver } from './sqlite-driver.js';
import type { Connection, DriverName } from './sqlite-driver.js';
import { SqliteFileRefused } from './sqlite-errors.js';
import { whenFree } from './write-transaction.js';

const kinds = { 'event log': eventLogFile, 'key store': keyStoreFile } as const;

export type CopyOptions = {
  readonly kind: keyof typeof kinds;
  readonly path: string;
  /** A file that does not exist yet. */
  readonly to: string;
  /** For tests: which binding to use. */
  readonly driver?: DriverName | undefined;
};

const OWNER_ONLY = 0o600;

const check = (connection: Connection, kind: FileKind, path: string): void => {
  const found = Object.values(connection.prepare('PRAGMA application_id').get() ?? {})[0];
  if (found !== kind.applicationId) throw new SqliteFileRefused('foreign', `${path} is not the ${kind.name}.`);
};

/**
 * Copies a file as it stands at one moment, whoever writes to it meanwhile: one read transaction, into a new file that only
 * its owner may read. What was removed from the file is not in the copy.
 *
 * Rejects like `openSqliteEventLog`, and where the new file exists.
 */
export const copySqliteFile = async ({ kind, path, to, driver: wanted }: CopyOptions): Promise<void> => {
  if (!existsSync(path)) throw new SqliteFileRefused('unreachable', `There is no ${kind} ${path}.`);
  const driver = await loadDriver(wanted);
  closeSync(openSync(to, 'wx', OWNER_ONLY));
  // Where a write-ahead log stands, an ordinary connection would empty it into the file when it closes.
  const connection = driver.open(path, { readOnly: existsSync(`${path}-wal`) });
  try {
    connection.exec('PRAGMA busy_timeout = 2000');
    connection.exec('PRAGMA trusted_schema = OFF');
    check(connection, kinds[kind], path);
    await whenFree(() => connection.prepare('VACUUM INTO ?').run(to));
  } finally {
    connection.close();
  }
};
