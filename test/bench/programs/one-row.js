// The floor of one change: in a plain table of so many people one row is read, parsed, changed and written back, in a
// transaction with a flush to the disk. In a process of its own, and prints what one took as JSON.
//
//   node one-row.js '{ "people": 10000, "times": 200, "path": "..." }'
import { openPlain } from './open-plain.js';

const { people, times, path } = JSON.parse(process.argv[2]);
const keyOf = (n) => `person-${String((n * 7_919) % people).padStart(8, '0')}`;
const valueOf = (n) => ({ id: keyOf(n), fields: Array.from({ length: 10 }, (_, field) => `value ${n} of ${field}`) });

const plain = await openPlain(path);
for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) plain.exec(`PRAGMA ${pragma}`);
plain.exec('CREATE TABLE people (key TEXT PRIMARY KEY, value TEXT NOT NULL)');
const put = plain.prepare(
  'INSERT INTO people (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
);
const get = plain.prepare('SELECT value FROM people WHERE key = ?');
plain.exec('BEGIN');
for (let n = 0; n < people; n += 1) put.run(keyOf(n), JSON.stringify(valueOf(n)));
plain.exec('COMMIT');

const before = process.cpuUsage();
for (let n = 0; n < times; n += 1) {
  const { value } = get.get(keyOf(n * 37));
  plain.exec('BEGIN IMMEDIATE');
  put.run(keyOf(n * 37), JSON.stringify({ ...JSON.parse(value), changed: n }));
  plain.exec('COMMIT');
}
const { user, system } = process.cpuUsage(before);
plain.close();
process.stdout.write(JSON.stringify({ people, cpu: (user + system) / 1_000 / times }));
