import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadDriver } from './sqlite-driver.js';
import type { Connection, DriverName, SqliteDriver } from './sqlite-driver.js';
import { isDamaged, SqliteFileRefused } from './sqlite-errors.js';
import { PATIENCE, whenFree, writeTransaction } from './write-transaction.js';

/** A kind of file: what it is called, how it is recognised, and the steps that lead to its present schema. */
export type FileKind = {
  readonly name: string;
  /** SQLite's `application_id`: no file of one kind is ever opened as another. */
  readonly applicationId: bigint;
  /** `migrations[n]` leads from schema version n to n + 1. Published steps are never changed. */
  readonly migrations: ReadonlyArray<string>;
  readonly pragmas: ReadonlyArray<string>;
};

export type FileOptions = {
  readonly path: string;
  /** For tests: which binding to use. */
  readonly driver?: DriverName | undefined;
};

const OWNER_ONLY = 0o600;

/** SQLite gives `-wal` and `-shm` the mode of the database, so a new file is made here, closed to everybody else. */
const makeClosed = (path: string): void => closeSync(openSync(path, 'a', OWNER_ONLY));

/** A file of ours that was opened up is closed again. */
const closeToOthers = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, OWNER_ONLY);
};

/** What the system's code means for whoever named the path, and what to do about it. */
const whyUnreachable = (path: string, cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const folder = dirname(path);
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${folder}. Make it, or name another path.`;
    case 'ENOTDIR':
      return `${folder} is no folder. Name another path.`;
    case 'EISDIR':
      return 'it is a folder. Name a file in it.';
    case 'EACCES':
    case 'EPERM':
      return `this user may not read and write it (${code}). Check its permissions and those of ${folder}.`;
    case 'EROFS':
      return 'the file system is read-only. Name another path.';
    case 'ENOSPC':
      return 'the disk is full. Make room, or name another path.';
    default:
      return `${cause instanceof Error ? cause.message : String(cause)}.`;
  }
};

const unreachable = (kind: FileKind, path: string, cause: unknown): SqliteFileRefused =>
  new SqliteFileRefused('unreachable', `The ${kind.name} ${path} cannot be opened: ${whyUnreachable(path, cause)}`, {
    cause,
  });

const openConnection = (driver: SqliteDriver, kind: FileKind, path: string): Connection => {
  try {
    makeClosed(path);
    return driver.open(path);
  } catch (cause) {
    throw unreachable(kind, path, cause);
  }
};

const one = (connection: Connection, sql: string): bigint | undefined => {
  const value = Object.values(connection.prepare(sql).get() ?? {})[0];
  return typeof value === 'bigint' ? value : undefined;
};

/** Looks before anything is changed: a file that is not ours stays as it is. */
const recognise = (connection: Connection, kind: FileKind, path: string): void => {
  const applicationId = one(connection, 'PRAGMA application_id');
  const tables = one(connection, 'SELECT count(*) FROM sqlite_schema');
  if (applicationId === kind.applicationId || (applicationId === 0n && tables === 0n)) return;
  throw new SqliteFileRefused('foreign', `${path} is a database of something else, not the ${kind.name}.`);
};

const migrate = (connection: Connection, kind: FileKind, path: string): void => {
  connection.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
  const known = BigInt(kind.migrations.length);
  const version = one(connection, 'SELECT version FROM schema_version') ?? 0n;
  if (version > known) {
    const message = `The ${kind.name} ${path} has schema version ${version}, and this version knows ${known} at most. Install a newer version.`;
    throw new SqliteFileRefused('newer', message);
  }
  if (version === known) return;
  for (const step of kind.migrations.slice(Number(version))) connection.exec(step);
  connection.exec(`PRAGMA application_id = ${kind.applicationId}`);
  connection.exec('DELETE FROM schema_version');
  connection.prepare('INSERT INTO schema_version (version) VALUES (?)').run(known);
};

const prepare = async (connection: Connection, kind: FileKind, path: string): Promise<void> => {
  await whenFree(() => {
    connection.exec('PRAGMA busy_timeout = 50');
    connection.exec('PRAGMA trusted_schema = OFF');
    recognise(connection, kind, path);
    connection.exec('PRAGMA journal_mode = WAL');
    for (const pragma of kind.pragmas) connection.exec(`PRAGMA ${pragma}`);
  });
  try {
    closeToOthers(path);
  } catch (cause) {
    throw unreachable(kind, path, cause);
  }
  await writeTransaction(connection, () => migrate(connection, kind, path), PATIENCE);
};

/**
 * Opens or makes a database file of a kind: readable by its owner only, write-ahead log, at the present schema. Rejects
 * with a `SqliteFileRefused` or a `NoSqliteDriver` whose message is a sentence for people.
 */
export const openFile = async (kind: FileKind, { path, driver: wanted }: FileOptions): Promise<Connection> => {
  const driver = await loadDriver(wanted);
  const connection = openConnection(driver, kind, path);
  try {
    await prepare(connection, kind, path);
    return connection;
  } catch (cause) {
    connection.close();
    if (!isDamaged(cause)) throw cause;
    throw new SqliteFileRefused('damaged', `${path} is damaged or no database: the ${kind.name} cannot be read.`, {
      cause,
    });
  }
};
