import { rm } from 'node:fs/promises';
import { bench, describe } from 'vitest';
import { madeConnection, madeId } from './support/made-history.js';
import { madeLog, type MadeLog } from './support/made-log.js';
import { atMost, machine, median, once, pairs, print, runProgram } from './support/measured.js';

// A replay of ten events for each of many people, beside the floor: every row of the same file through the plain binding,
// JSON.parse of its texts and Map.set. Each in a process of its own, over the built packages, judged by the processor time
// it took. The log is made once and kept in the folder for temporary files.
//
// By default 10,000 people: some four minutes with making the logs, on two cores with nothing else to do, and 500 MiB. What is
// promised is promised for `PEOPLE=100000`: half an hour, 1.3 GiB and 2.2 GB of disk.

const PEOPLE = Number(process.env['PEOPLE'] ?? 10_000);
const MILLION = 1_000_000;

type Answer = {
  readonly events: number;
  readonly milliseconds: number;
  readonly cpu: number;
  readonly peakMiB: number;
};
type Mode = 'floor' | 'fold' | 'replay' | 'rebuild' | 'plan' | 'ready';

const identity = {
  connectionId: madeConnection.connectionId,
  tenantId: madeId('tenant', 0),
  groupId: madeId('group', 0),
};

const run = async (mode: Mode, log: MadeLog, warm = 0): Promise<Answer> => {
  const { logPath, keysPath, stream } = log;
  const localPath = `${logPath}.local`;
  const answer = await runProgram<Answer>('replay', { mode, logPath, keysPath, stream, localPath, identity, warm });
  const rate = (log.events * 1_000) / answer.cpu;
  const kind = log.sealed ? 'sealed' : 'in clear';
  print(
    `      ${mode.padEnd(8)}${kind.padEnd(10)}${rate.toFixed(0).padStart(9)} events/s, ${answer.cpu.toFixed(0).padStart(7)} ms of the processor,` +
      ` ${answer.milliseconds.toFixed(0).padStart(7)} by the clock, peak ${answer.peakMiB.toFixed(0)} MiB`,
  );
  return answer;
};

const size = { people: PEOPLE, events: 10 * PEOPLE };
/** A short log is read once before it is measured. */
const warm = size.events < MILLION ? 1 : 0;

const secondsOf = ({ cpu }: Answer): number => cpu / 1_000;

describe('replay', () => {
  bench(
    'reading and folding against select, JSON.parse and Map.set',
    async () => {
      print(`${machine()}; ${size.events.toLocaleString('en')} events of ${size.people.toLocaleString('en')} people`);
      const clear = await madeLog({ ...size, sealed: false });
      const sealed = await madeLog({ ...size, sealed: true });
      const ratios: Record<'fold' | 'replay' | 'sealed', number[]> = { fold: [], replay: [], sealed: [] };
      for (let pair = 0; pair < pairs; pair += 1) {
        const floor = await run('floor', clear, warm);
        for (const [name, answer] of [
          ['fold', await run('fold', clear, warm)],
          ['replay', await run('replay', clear, warm)],
          ['sealed', await run('replay', sealed, warm)],
        ] as const)
          ratios[name].push(answer.cpu / floor.cpu);
      }
      print(`      with every seal opened: ${median(ratios.sealed).toFixed(2)} times the floor`);
      atMost('replay without its chain, times the floor', median(ratios.fold), { bar: 2, gate: 4 });
      atMost('replay with its chain, times the floor', median(ratios.replay), { bar: 3, gate: 6 });
    },
    once,
  );

  bench(
    'rebuild to disk, and a new process on its rows',
    async () => {
      const sealed = await madeLog({ ...size, sealed: true });
      const remove = async (): Promise<void> => {
        for (const suffix of ['', '-wal', '-shm']) await rm(`${sealed.logPath}.local${suffix}`, { force: true });
      };
      await remove();
      const floor = await run('floor', sealed);
      const rebuilt = await run('rebuild', sealed);
      const first = await run('ready', sealed);
      await run('plan', sealed);
      const ready = await run('ready', sealed);
      await remove();
      const perMillion = (secondsOf(rebuilt) * MILLION) / size.events;
      print(`      rebuild: ${(rebuilt.cpu / floor.cpu).toFixed(2)} times the floor`);
      atMost('peak memory of the rebuild, MiB', rebuilt.peakMiB, { bar: 700, gate: 900 });
      print(`      the first status after a rebuild, for which everybody is planned: ${secondsOf(first).toFixed(1)} s`);
      atMost('restart to ready, seconds', secondsOf(ready), { bar: 3, gate: 6 });
      atMost('rebuild of all projections to disk, seconds for a million events', perMillion, { bar: 30, gate: 90 });
    },
    once,
  );
});
