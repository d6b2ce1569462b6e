import { arch, availableParallelism, cpus, platform } from 'node:os';
import { bench, describe } from 'vitest';
import { knownCosts } from './support/known-costs.js';

// One changed department among 1,000 and among 100,000 known people. Figures and the machine are printed; nothing here fails
// for being slow: `scale.bench.ts` compares, and `test/e2e/one-change.test.ts` counts rows.

const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;

const measure = async (people: number): Promise<string> => {
  const { change, idle, reopened } = await knownCosts(people);
  const { rows } = change;
  return [
    `${people.toLocaleString('en')} known people, one change:`,
    `${rows.read.toFixed(1)} rows read in ${rows.lookups.toFixed(1)} lookups,`,
    `${rows.written.toFixed(1)} rows written in ${rows.commits.toFixed(1)} commits,`,
    `${change.events.toFixed(1)} events folded, ${change.requests.toFixed(1)} requests;`,
    `CPU p50 ${milliseconds(change.cpu)}, p99 ${milliseconds(change.cpuP99)};`,
    `wall p50 ${milliseconds(change.wall)}, p99 ${milliseconds(change.wallP99)};`,
    `a quiet cycle ${milliseconds(idle.cpu)} of the processor; a new process: status after ${milliseconds(reopened)} of it`,
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
