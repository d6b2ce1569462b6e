// Appends the records of a log to a new file, in batches with a flush to the disk each, and prints what that took as JSON.
//
//   node append.js '{ "mode": "floor", "from": "...", "stream": "...", "path": "...", "records": 50000, "batch": 1000 }'
//
// - floor: the same bytes into the same tables, through the plain binding.
// - plain: the same bytes into one table with one key, through the plain binding.
// - log: through the log, which writes canonical texts, chains them and checks what is expected.
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';
import { eventLogFile } from '../../../packages/event-log-sqlite/dist/event-log-file.js';
import { openPlain } from './open-plain.js';

const { mode, from, stream, path, records: wanted, batch } = JSON.parse(process.argv[2]);

const read = async () => {
  const source = await openSqliteEventLog({ path: from });
  const records = [];
  for await (const page of source.pages(stream, { to: BigInt(wanted - 1) })) records.push(...page);
  await source.close();
  return records;
};

/** By the clock, and of the processor. */
const timer = () => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { milliseconds: performance.now() - began, cpu: (user + system) / 1_000 };
  };
};

const batchesOf = (records) => {
  const batches = [];
  for (let at = 0; at < records.length; at += batch) batches.push(records.slice(at, at + batch));
  return batches;
};

const schemas = {
  floor: eventLogFile.migrations.join('\n'),
  plain: `CREATE TABLE events (
    stream_id INTEGER, revision INTEGER, id TEXT, type TEXT, schema_version INTEGER, recorded_at TEXT, data TEXT,
    metadata TEXT, hash TEXT, PRIMARY KEY (stream_id, revision)
  ) WITHOUT ROWID`,
};

const throughBinding = async (records) => {
  const rows = records.map(({ metadata: { hash, ...metadata }, data, ...record }) => ({
    values: [
      1,
      Number(record.revision),
      record.id,
      record.type,
      record.schemaVersion,
      record.recordedAt,
      JSON.stringify(data),
      JSON.stringify(metadata),
      hash,
    ],
    subjects: mode === 'floor' ? metadata.subjects : [],
  }));
  const database = await openPlain(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -16384'])
    database.exec(`PRAGMA ${pragma}`);
  database.exec(schemas[mode]);
  const event = database.prepare(
    `INSERT INTO events (stream_id, revision, id, type, schema_version, recorded_at, data, metadata, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const subject =
    mode === 'floor'
      ? database.prepare('INSERT OR IGNORE INTO event_subjects (stream_id, subject, revision) VALUES (1, ?, ?)')
      : undefined;
  const batches = batchesOf(rows);
  const took = timer();
  for (const part of batches) {
    database.exec('BEGIN IMMEDIATE');
    for (const { values, subjects } of part) {
      event.run(...values);
      for (const one of subjects) subject.run(one, values[1]);
    }
    database.exec('COMMIT');
  }
  const answer = took();
  database.close();
  return answer;
};

const throughLog = async (records) => {
  const log = await openSqliteEventLog({ path });
  const batches = batchesOf(records);
  let expected = 'no-stream';
  const took = timer();
  for (const part of batches) {
    const appended = await log.append(stream, expected, part)();
    if (appended._tag === 'Left') throw new Error(appended.left._tag);
    expected = appended.right.head.revision;
  }
  const answer = took();
  await log.close();
  return answer;
};

const records = await read();
const answer = await (mode === 'log' ? throughLog(records) : throughBinding(records));
process.stdout.write(JSON.stringify({ mode, records: records.length, ...answer }));
