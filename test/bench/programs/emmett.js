// Emmett with SQLite over the events of a log of ours, and prints what that took as JSON.
//
//   node emmett.js '{ "mode": "append", "folder": "...", "logPath": "...", "stream": "...", "path": "..." }'
//
// - append: every event of the log, in batches of a thousand, to one stream of a new file.
// - read: all of that stream, a thousand at a time, and Map.set for each.
// - rebuild: its own rebuild of a projection: a processor from the beginning that keeps one row for each person.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';

const { mode, folder, logPath, stream, path } = JSON.parse(process.argv[2]);
const find = createRequire(join(folder, 'package.json'));
const load = (name) => import(pathToFileURL(find.resolve(name)).href);
const sqlite = (await load('@event-driven-io/emmett-sqlite')).default ?? (await load('@event-driven-io/emmett-sqlite'));

const recordsOf = async () => {
  const log = await openSqliteEventLog({ path: logPath });
  const records = [];
  for await (const page of log.pages(stream)) records.push(...page);
  await log.close();
  return records;
};

const personOf = ({ metadata }) => metadata.subjects?.[0] ?? '';

const append = async (records) => {
  const store = sqlite.getSQLiteEventStore({ fileName: path, schema: { autoMigration: 'CreateOrUpdate' } });
  for (let at = 0; at < records.length; at += 1_000) {
    const part = records.slice(at, at + 1_000).map(({ type, data, metadata }) => ({
      type,
      data,
      metadata: { subjects: metadata.subjects },
    }));
    await store.appendToStream('connection-fabrikam', part);
  }
  return records.length;
};

const read = async () => {
  const connection = sqlite.sqliteConnection({ fileName: path });
  const states = new Map();
  let events = 0;
  for (let after = 0n; ;) {
    const batch = await sqlite.readMessagesBatch(connection, { after, batchSize: 1_000 });
    for (const message of batch.messages) {
      const key = personOf(message);
      states.set(key, { ...states.get(key), ...message.data });
    }
    events += batch.messages.length;
    if (!batch.areEventsLeft) break;
    after = batch.currentGlobalPosition;
  }
  connection.close();
  return events;
};

const rebuild = async (types, wanted) => {
  const store = sqlite.getSQLiteEventStore({ fileName: path });
  const connection = sqlite.sqliteConnection({ fileName: path });
  await connection.command('CREATE TABLE IF NOT EXISTS people (key TEXT PRIMARY KEY, value TEXT NOT NULL)');
  connection.close();
  let events = 0;
  const consumer = store.consumer({ pulling: { batchSize: 1_000 } });
  consumer.processor({
    processorId: 'people',
    projection: {
      name: 'people',
      canHandle: types,
      handle: async (messages, { connection: within }) => {
        for (const message of messages) {
          const key = personOf(message);
          const row = await within.querySingle('SELECT value FROM people WHERE key = ?', [key]);
          const state = { ...(row ? JSON.parse(row.value) : {}), ...message.data };
          await within.command(
            'INSERT INTO people (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
            [key, JSON.stringify(state)],
          );
          events += 1;
        }
      },
    },
    startFrom: 'BEGINNING',
    stopAfter: () => events >= wanted,
  });
  await consumer.start();
  await consumer.close();
  if (events !== wanted) throw new Error(`Emmett handed over ${events} events of ${wanted}.`);
  return events;
};

const records = mode === 'read' ? [] : await recordsOf();
const types = [...new Set(records.map(({ type }) => type))];
const [began, before] = [performance.now(), process.cpuUsage()];
const events = await (mode === 'append' ? append(records) : mode === 'read' ? read() : rebuild(types, records.length));
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    mode,
    events,
    milliseconds: performance.now() - began,
    cpu: (user + system) / 1_000,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
  }),
);
