import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { madeLog } from './support/made-log.js';
import { atLeast, machine, median, once, pairs, print, runProgram } from './support/measured.js';

// Appends of 1,000 sealed records, each flushed to the disk before the next, beside the floor: the same bytes into the same
// tables through the plain binding. For comparison, also into one plain table, which keeps no ids apart and finds no subject.
// Judged by the time of the processor: the flushes, which are the same for both, would only bring the two closer together.
//
// One minute on two cores behind making the log, and 250 MiB.

const RECORDS = 30_000;
const BATCH = 1_000;

type Mode = 'floor' | 'plain' | 'log';
type Answer = { readonly records: number; readonly milliseconds: number; readonly cpu: number };

const rateOf = async (mode: Mode): Promise<number> => {
  const from = await madeLog({ people: 10_000, events: 100_000, sealed: true });
  const folder = await mkdtemp(join(tmpdir(), 'append-'));
  try {
    const request = { mode, from: from.logPath, stream: from.stream, records: RECORDS, batch: BATCH };
    const path = join(folder, 'log.db');
    const { records, milliseconds, cpu } = await runProgram<Answer>('append', { ...request, path });
    const [rate, byClock] = [(records * 1_000) / cpu, (records * 1_000) / milliseconds];
    print(
      `      ${mode.padEnd(8)}${rate.toFixed(0).padStart(9)} events/s of the processor, ${byClock.toFixed(0)} by the clock`,
    );
    return rate;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe('append', () => {
  bench(
    'batches of 1,000 with a flush each against plain inserts of the same bytes',
    async () => {
      print(machine());
      const shares: number[] = [];
      const ofOneTable: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        const [floor, plain, ours] = [await rateOf('floor'), await rateOf('plain'), await rateOf('log')];
        shares.push(ours / floor);
        ofOneTable.push(ours / plain);
      }
      print(`      share of plain inserts into one table: ${median(ofOneTable).toFixed(2)}`);
      atLeast('append, share of plain inserts into the same tables', median(shares), { bar: 0.6, gate: 0.4 });
    },
    once,
  );
});
