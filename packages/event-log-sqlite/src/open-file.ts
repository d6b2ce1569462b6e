import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadDriver } from './sqlite-driver.js';
import type { Connection, DriverName, SqliteDriver } from './sqlite-driver.js';
import { isDamaged, SqliteFileRefused } from './sqlite-errors.js';
import { PATIENCE, whenFree, writeTransaction, writeTransactionNow } from './write-transaction.js';

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

const reached = (kind: FileKind, path: string, open: () => Connection): Connection => {
  try {
    return open();
  } catch (cause) {
    throw unreachable(kind, path, cause);
  }
};

const openConnection = (driver: SqliteDriver, kind: FileKind, path: string): Connection =>
  reached(kind, path, () => {
    makeClosed(path);
    return driver.open(path);
  });

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

const versionOf = (connection: Connection, kind: FileKind, path: string): bigint => {
  const known = kind.migrations.length;
  const version = one(connection, 'SELECT version FROM schema_version') ?? 0n;
  if (version <= known) return version;
  const message = `The ${kind.name} ${path} has schema version ${version}, and this version knows ${known} at most. Install a newer version.`;
  throw new SqliteFileRefused('newer', message);
};

const hasPresentSchema = (connection: Connection, kind: FileKind, path: string): boolean =>
  one(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") === 1n &&
  versionOf(connection, kind, path) === BigInt(kind.migrations.length);

const migrate = (connection: Connection, kind: FileKind, path: string): void => {
  connection.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
  const known = BigInt(kind.migrations.length);
  const version = versionOf(connection, kind, path);
  if (version === known) return;
  for (const step of kind.migrations.slice(Number(version))) connection.exec(step);
  connection.exec(`PRAGMA application_id = ${kind.applicationId}`);
  connection.exec('DELETE FROM schema_version');
  connection.prepare('INSERT INTO schema_version (version) VALUES (?)').run(known);
};

const enter = (connection: Connection, kind: FileKind, path: string): void => {
  connection.exec('PRAGMA busy_timeout = 50');
  connection.exec('PRAGMA trusted_schema = OFF');
  recognise(connection, kind, path);
  connection.exec('PRAGMA journal_mode = WAL');
  for (const pragma of kind.pragmas) connection.exec(`PRAGMA ${pragma}`);
};

const close = (kind: FileKind, path: string): void => {
  try {
    closeToOthers(path);
  } catch (cause) {
    throw unreachable(kind, path, cause);
  }
};

const refused = (kind: FileKind, path: string, cause: unknown): unknown =>
  isDamaged(cause)
    ? new SqliteFileRefused('damaged', `${path} is damaged or no database: the ${kind.name} cannot be read.`, { cause })
    : cause;

/**
 * Opens or makes a database file of a kind: readable by its owner only, write-ahead log, at the present schema. Rejects
 * with a `SqliteFileRefused` or a `NoSqliteDriver` whose message is a sentence for people.
 */
export const openFile = async (kind: FileKind, { path, driver: wanted }: FileOptions): Promise<Connection> => {
  const driver = await loadDriver(wanted);
  const connection = openConnection(driver, kind, path);
  try {
    await whenFree(() => enter(connection, kind, path));
    close(kind, path);
    await writeTransaction(connection, () => migrate(connection, kind, path), PATIENCE);
    return connection;
  } catch (cause) {
    connection.close();
    throw refused(kind, path, cause);
  }
};

/** The same at once, for a caller that cannot wait: where another process is in the way, it throws after `busy_timeout`. */
export const openFileNow = (kind: FileKind, path: string, driver: SqliteDriver): Connection => {
  const connection = openConnection(driver, kind, path);
  try {
    enter(connection, kind, path);
    close(kind, path);
    writeTransactionNow(connection, () => migrate(connection, kind, path));
    return connection;
  } catch (cause) {
    connection.close();
    throw refused(kind, path, cause);
  }
};

/**
 * Opens a file of a kind as it is, or nothing where there is none of the present schema. Nothing is made, brought up to
 * date or put right.
 */
export const openAsItIs = (kind: FileKind, path: string, driver: SqliteDriver): Connection | undefined => {
  if (!existsSync(path)) return undefined;
  // Where a write-ahead log was left behind, an ordinary connection empties it into the file when it closes. Where there
  // is none, a read-only one leaves an empty one behind.
  const readOnly = existsSync(`${path}-wal`);
  const connection = reached(kind, path, () => driver.open(path, { readOnly }));
  try {
    connection.exec('PRAGMA query_only = ON');
    connection.exec('PRAGMA busy_timeout = 2000');
    connection.exec('PRAGMA trusted_schema = OFF');
    recognise(connection, kind, path);
    if (hasPresentSchema(connection, kind, path)) return connection;
    connection.close();
    return undefined;
  } catch (cause) {
    connection.close();
    throw refused(kind, path, cause);
  }
};
