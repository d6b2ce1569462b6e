import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { madeLog } from './support/made-log.js';
import { atLeast, machine, median, once, pairs, print, runProgram } from './support/measured.js';

// Appends of 1,000 sealed records, each flushed to the disk before the next, beside the floor: the same bytes into the same
// tables through the plain binding. For comparison, also into one plain table, which keeps no ids apart and finds no subject.

const RECORDS = 30_000;
const BATCH = 1_000;

type Mode = 'floor' | 'plain' | 'log';

const rateOf = async (mode: Mode): Promise<number> => {
  const from = await madeLog({ people: 10_000, events: 100_000, sealed: true });
  const folder = await mkdtemp(join(tmpdir(), 'append-'));
  try {
    const request = { mode, from: from.logPath, stream: from.stream, records: RECORDS, batch: BATCH };
    const { records, milliseconds } = await runProgram<{ readonly records: number; readonly milliseconds: number }>(
      'append',
      { ...request, path: join(folder, 'log.db') },
    );
    const rate = (records * 1_000) / milliseconds;
    print(`      ${mode.padEnd(8)}${rate.toFixed(0).padStart(9)} events/s`);
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
