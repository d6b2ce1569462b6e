// Appends batches to a log until it is told how many are enough, or killed. Runs on the built package, as users do.
//
//   node appending-process.js <path> <stream> <records a batch> <batches>
//
// Prints a line with the last revision after each append.
import { randomUUID } from 'node:crypto';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';

const [path, stream, size, batches] = process.argv.slice(2);
const log = await openSqliteEventLog({ path });
for (let done = 0; done < Number(batches); done += 1) {
  const batch = randomUUID();
  const records = Array.from({ length: Number(size) }, (_, index) => ({
    id: randomUUID(),
    type: 'SomethingHappened',
    schemaVersion: 1,
    recordedAt: '2026-02-03T04:05:06.789Z',
    data: { batch, index, filling: 'x'.repeat(200) },
    metadata: { subjects: [batch], correlationId: 'cycle', causationId: 'request' },
  }));
  const answer = await log.append(stream, 'any', records)();
  if (answer._tag === 'Left') throw answer.left.cause;
  process.stdout.write(`${answer.right.head.revision}\n`);
}
await log.close();
