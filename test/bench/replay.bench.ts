import { rm } from 'node:fs/promises';
import { bench, describe } from 'vitest';
import { madeConnection, madeId } from './support/made-history.js';
import { madeLog, type MadeLog } from './support/made-log.js';
import { atMost, machine, median, once, pairs, print, runProgram } from './support/measured.js';

// A replay of 1,000,000 events of 100,000 people, beside the floor: every row of the same file through the plain binding,
// JSON.parse of its texts and Map.set. Each in a process of its own, over the built packages. The log is made once and kept
// in the folder for temporary files.

const PEOPLE = Number(process.env['PEOPLE'] ?? 100_000);

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

const run = async (mode: Mode, log: MadeLog): Promise<Answer> => {
  const { logPath, keysPath, stream } = log;
  const localPath = `${logPath}.local`;
  const answer = await runProgram<Answer>('replay', { mode, logPath, keysPath, stream, localPath, identity });
  const rate = (log.events * 1_000) / answer.milliseconds;
  const kind = log.sealed ? 'sealed' : 'in clear';
  print(
    `      ${mode.padEnd(8)}${kind.padEnd(10)}${rate.toFixed(0).padStart(9)} events/s, ${answer.milliseconds.toFixed(0).padStart(7)} ms,` +
      ` ${answer.cpu.toFixed(0).padStart(7)} ms of the processor, peak ${answer.peakMiB.toFixed(0)} MiB`,
  );
  return answer;
};

const size = { people: PEOPLE, events: 10 * PEOPLE };

describe('replay', () => {
  bench(
    'reading and folding against select, JSON.parse and Map.set',
    async () => {
      print(`${machine()}; ${size.events.toLocaleString('en')} events of ${size.people.toLocaleString('en')} people`);
      const clear = await madeLog({ ...size, sealed: false });
      const sealed = await madeLog({ ...size, sealed: true });
      const ratios: Record<'fold' | 'replay' | 'sealed', number[]> = { fold: [], replay: [], sealed: [] };
      for (let pair = 0; pair < pairs; pair += 1) {
        const floor = await run('floor', clear);
        for (const [name, answer] of [
          ['fold', await run('fold', clear)],
          ['replay', await run('replay', clear)],
          ['sealed', await run('replay', sealed)],
        ] as const)
          ratios[name].push(answer.milliseconds / floor.milliseconds);
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
      const rebuilt = await run('rebuild', sealed);
      const first = await run('ready', sealed);
      await run('plan', sealed);
      const ready = await run('ready', sealed);
      await remove();
      atMost('rebuild of all projections to disk, seconds', rebuilt.milliseconds / 1_000, { bar: 30, gate: 90 });
      atMost('peak memory of the rebuild, MiB', rebuilt.peakMiB, { bar: 700, gate: 900 });
      print(
        `      the first status after a rebuild, for which everybody is planned: ${(first.milliseconds / 1_000).toFixed(1)} s`,
      );
      atMost('restart to ready, seconds', ready.milliseconds / 1_000, { bar: 3, gate: 6 });
    },
    once,
  );
});
