import type { EventMetadata, Head, Json, Revision, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type { PageRange, RecordText } from '@learnamp/directory-sync-event-sourcing';
import { recordsWithTexts } from '@learnamp/directory-sync-event-sourcing';
import type { Connection, SqlValue } from './sqlite-driver.js';

/** The statements of the event log, prepared once for a connection. */
export type EventStatements = {
  readonly streamId: (stream: string) => bigint | undefined;
  readonly addStream: (stream: string) => bigint;
  readonly head: (streamId: bigint) => Head | undefined;
  readonly revisionOf: (streamId: bigint, id: string) => Revision | undefined;
  readonly insert: (streamId: bigint, text: RecordText<StoredRecord>) => void;
  readonly page: (stream: string, range: PageRange) => ReadonlyArray<StoredRecord>;
  readonly pageBySubject: (stream: string, subject: string, range: PageRange) => ReadonlyArray<StoredRecord>;
};

const text = (value: SqlValue | undefined): string => (typeof value === 'string' ? value : '');
const whole = (value: SqlValue | undefined): bigint => (typeof value === 'bigint' ? value : -1n);

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
};

/**
 * A row as a record, with the texts it was read from: the very ones that were hashed. Somebody may have written into the
 * file: text that is no JSON is handed on as text, so that the check of the chain names the record instead of the whole
 * read failing.
 */
const recordOf = (row: ReadonlyArray<SqlValue>): RecordText<StoredRecord> => {
  const [dataText, metadataText] = [text(row[5]), text(row[6])];
  return {
    record: {
      id: text(row[0]),
      type: text(row[1]),
      schemaVersion: Number(whole(row[2])),
      revision: whole(row[3]),
      recordedAt: text(row[4]),
      data: parse(dataText) as Json,
      metadata: metadataOf(parse(metadataText), text(row[7])),
    },
    metadataText,
    dataText,
  };
};

const pageOf = (rows: ReadonlyArray<ReadonlyArray<SqlValue>>): ReadonlyArray<StoredRecord> =>
  recordsWithTexts(rows.map(recordOf));

const metadataOf = (parsed: unknown, hash: string): EventMetadata => {
  const metadata = (typeof parsed === 'object' && parsed !== null ? parsed : { parsed }) as { hash?: string };
  metadata.hash = hash;
  return metadata as EventMetadata;
};

/** In the order in which `recordOf` takes them. */
const COLUMNS = 'e.id, e.type, e.schema_version, e.revision, e.recorded_at, e.data, e.metadata, e.hash';
const STREAM_ID = '(SELECT stream_id FROM streams WHERE name = ?)';

const pageSql = (order: 'ASC' | 'DESC'): string =>
  `SELECT ${COLUMNS} FROM events e WHERE e.stream_id = ${STREAM_ID} AND e.revision BETWEEN ? AND ?
   ORDER BY e.revision ${order} LIMIT ?`;

const subjectSql = (order: 'ASC' | 'DESC'): string =>
  `SELECT ${COLUMNS} FROM event_subjects s JOIN events e ON e.stream_id = s.stream_id AND e.revision = s.revision
   WHERE s.stream_id = ${STREAM_ID} AND s.subject = ? AND s.revision BETWEEN ? AND ?
   ORDER BY s.revision ${order} LIMIT ?`;

const prepareReads = (connection: Connection): Pick<EventStatements, 'page' | 'pageBySubject'> => {
  const [forwards, backwards] = [connection.prepareLists(pageSql('ASC')), connection.prepareLists(pageSql('DESC'))];
  const about = connection.prepareLists(subjectSql('ASC'));
  const aboutBackwards = connection.prepareLists(subjectSql('DESC'));
  return {
    page: (stream, range) =>
      pageOf((range.backwards ? backwards : forwards).all(stream, range.low, range.high, range.size)),
    pageBySubject: (stream, subject, range) =>
      pageOf((range.backwards ? aboutBackwards : about).all(stream, subject, range.low, range.high, range.size)),
  };
};

export const prepareStatements = (connection: Connection): EventStatements => {
  const findStream = connection.prepare('SELECT stream_id FROM streams WHERE name = ?');
  const addStream = connection.prepare('INSERT INTO streams (name) VALUES (?) RETURNING stream_id');
  const head = connection.prepare(
    'SELECT revision, hash FROM events WHERE stream_id = ? ORDER BY revision DESC LIMIT 1',
  );
  const findId = connection.prepare('SELECT revision FROM events WHERE stream_id = ? AND id = ?');
  const insertEvent = connection.prepare(
    `INSERT INTO events (stream_id, revision, id, type, schema_version, recorded_at, data, metadata, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertSubject = connection.prepare(
    'INSERT OR IGNORE INTO event_subjects (stream_id, subject, revision) VALUES (?, ?, ?)',
  );
  return {
    streamId: (stream) => {
      const row = findStream.get(stream);
      return row === undefined ? undefined : whole(row['stream_id']);
    },
    addStream: (stream) => whole(addStream.get(stream)?.['stream_id']),
    head: (streamId) => {
      const row = head.get(streamId);
      return row === undefined ? undefined : { revision: whole(row['revision']), hash: text(row['hash']) };
    },
    revisionOf: (streamId, id) => {
      const row = findId.get(streamId, id);
      return row === undefined ? undefined : whole(row['revision']);
    },
    insert: (streamId, { record, metadataText, dataText }) => {
      const { revision, id, type, schemaVersion, recordedAt, metadata } = record;
      insertEvent.run(streamId, revision, id, type, schemaVersion, recordedAt, dataText, metadataText, metadata.hash);
      for (const subject of metadata.subjects) insertSubject.run(streamId, subject, revision);
    },
    ...prepareReads(connection),
  };
};
