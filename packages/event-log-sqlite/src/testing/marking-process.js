// Marks tenants in an inbox until it is told how many are enough, or killed. Runs on the built package, as users do.
//
//   node marking-process.js <path> <tenant> <calls at once> <times>
//
// Prints a line with the number of marks that are durable after each time.
import { openSqliteInbox } from '@learnamp/directory-sync-event-log-sqlite';

const [path, tenantId, calls, times] = process.argv.slice(2);
const inbox = await openSqliteInbox({ path });
const mark = { tenantId, resource: 'users', receivedAt: '2026-02-03T04:05:06.789Z', count: 1 };
for (let done = 1; done <= Number(times); done += 1) {
  await Promise.all(Array.from({ length: Number(calls) }, () => inbox.mark([mark])));
  process.stdout.write(`${done * Number(calls)}\n`);
}
await inbox.close();
