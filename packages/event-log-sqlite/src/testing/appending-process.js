// Appends batches to a log until there are enough, or until it is killed. Runs on the built package, as users do.
//
//   node appending-process.js <path> <stream> <records a batch> <batches, or Infinity> <milliseconds between batches>
//
// Prints a line for each append once it was acknowledged: the id of the batch and its last revision.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { openSqliteEventLog } from '@learnamp/directory-sync-event-log-sqlite';

const [path, stream, size, batches, pause = '0'] = process.argv.slice(2);
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
  process.stdout.write(`${batch} ${answer.right.head.revision}\n`);
  if (Number(pause) > 0) await wait(Number(pause));
}
await log.close();
