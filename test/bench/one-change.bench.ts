import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { bench, describe } from 'vitest';
import { sqliteFolder } from '../support/connect.js';
import { openKnownCompany } from '../support/known-company.js';

// One changed department among 1,000 and among 100,000 known people, over the SQLite stores: the engine's own work, since
// directory and Learn Amp answer at once. Figures and the machine are printed; nothing here fails for being slow.

const CHANGES = 100;

const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;

/** CPU of this process, and wall clock, in milliseconds. */
const timed = async <A>(
  run: () => Promise<A>,
): Promise<{ readonly cpu: number; readonly wall: number; readonly result: A }> => {
  const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()];
  const result = await run();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: (user + system) / 1_000, wall: performance.now() - wallBefore, result };
};

const measure = async (people: number): Promise<string> => {
  const files = await sqliteFolder();
  const company = await openKnownCompany(people, await files.open());
  const { engine, rows, moveToDepartment, requests } = company;
  const cpu: number[] = [];
  const wall: number[] = [];
  const before = { ...rows, requests: requests() };
  let events = 0;
  for (let change = 0; change < CHANGES; change++) {
    moveToDepartment((change * 37) % people, change + 1 + ((change * 37) % people));
    const took = await timed(() => engine.sync({ photos: false }));
    cpu.push(took.cpu);
    wall.push(took.wall);
    events += Object.values(took.result.events).reduce((sum, count) => sum + count, 0);
  }
  const each = (count: number): string => (count / CHANGES).toFixed(1);
  const [a, b] = [cpu.toSorted((x, y) => x - y), wall.toSorted((x, y) => x - y)];
  const { size } = await stat(join(files.folder, 'log.db.local'));
  await engine.close();
  const opened = await files.open();
  const restarted = company.restart(opened);
  const ready = await timed(() => restarted.status());
  const quiet = await timed(() => restarted.sync({ photos: false }));
  await restarted.close();
  await rm(files.folder, { recursive: true, force: true });
  return [
    `${people.toLocaleString('en')} known people, one change:`,
    `${each(rows.read - before.read)} rows read in ${each(rows.lookups - before.lookups)} lookups,`,
    `${each(rows.written - before.written)} rows written in ${each(rows.commits - before.commits)} commits,`,
    `${each(events)} events folded, ${each(requests() - before.requests)} requests;`,
    `CPU p50 ${milliseconds(percentile(a, 0.5))}, p99 ${milliseconds(percentile(a, 0.99))};`,
    `wall p50 ${milliseconds(percentile(b, 0.5))}, p99 ${milliseconds(percentile(b, 0.99))}; rows ${(size / 1e6).toFixed(0)} MB;`,
    `a new process: status after ${milliseconds(ready.wall)}, a quiet cycle after ${milliseconds(quiet.wall)} more`,
  ].join(' ');
};

describe('one change among many', () => {
  bench(
    'a changed department among 1,000 and among 100,000',
    async () => {
      const large = Number(process.env['PEOPLE'] ?? 100_000);
      console.log(`${platform()} ${arch()}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`);
      for (const people of [1_000, large]) console.log(await measure(people));
    },
    { iterations: 1, warmupIterations: 0, warmupTime: 0, time: 0 },
  );
});
