import { eventLogFile } from './event-log-file.js';
import { openAsItIs } from './open-file.js';
import { loadDriver } from './sqlite-driver.js';
import type { Connection, DriverName, SqlRow } from './sqlite-driver.js';
import { SqliteFileRefused } from './sqlite-errors.js';

export type LogFacts = {
  readonly streams: ReadonlyArray<{ readonly name: string; readonly revision: bigint; readonly hash: string }>;
  /** Every key that sealed something. */
  readonly keyIds: ReadonlyArray<string>;
  /** Subjects of the events of the type that was asked for, each once, in order. */
  readonly subjects: ReadonlyArray<string>;
};

const text = (row: SqlRow, column: string): string => String(row[column]);

const factsIn = (connection: Connection, type: string): LogFacts => {
  const heads = connection.prepare(
    `SELECT s.name, e.revision, e.hash FROM streams s JOIN events e ON e.stream_id = s.stream_id
     WHERE e.revision = (SELECT max(revision) FROM events WHERE stream_id = s.stream_id) ORDER BY s.name`,
  );
  const keyIds = connection.prepare(
    "SELECT DISTINCT json_extract(metadata, '$.keyId') AS key_id FROM events WHERE json_extract(metadata, '$.keyId') IS NOT NULL",
  );
  const subjects = connection.prepare(
    `SELECT DISTINCT subject.value AS subject FROM events, json_each(events.metadata, '$.subjects') subject
     WHERE events.type = ? ORDER BY 1`,
  );
  return {
    streams: heads.all().map((row) => ({
      name: text(row, 'name'),
      revision: BigInt(text(row, 'revision')),
      hash: text(row, 'hash'),
    })),
    keyIds: keyIds.all().map((row) => text(row, 'key_id')),
    subjects: subjects.all(type).map((row) => text(row, 'subject')),
  };
};

/** What a file of the event log says of itself, read without opening a stream of it. Reads the whole file. */
export const readLogFacts = async (options: {
  readonly path: string;
  /** Whose subjects to list. */
  readonly type: string;
  readonly driver?: DriverName | undefined;
}): Promise<LogFacts> => {
  const connection = openAsItIs(eventLogFile, options.path, await loadDriver(options.driver));
  if (connection === undefined)
    throw new SqliteFileRefused('unreachable', `${options.path} is no event log of this version.`);
  try {
    return factsIn(connection, options.type);
  } finally {
    connection.close();
  }
};
