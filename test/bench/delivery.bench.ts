import { bench, describe } from 'vitest';
import { openLearnAmpRest } from '@learnamp/directory-sync';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { sqliteFolder } from '../support/connect.js';
import { openInProcessLearnAmp } from '../support/in-process-learn-amp.js';
import { openNewCompany } from '../support/known-company.js';
import { nobody } from '../support/stage.js';
import { learnAmpSettingsOf } from '../support/simulator-settings.js';
import { atLeast, atMost, machine, once, print } from './support/measured.js';

// The first delivery to a company: an account, a primary team and a manager for everybody, over the SQLite stores. In process
// first, where what is left is the engine's own work, then over HTTP to the made-up Learn Amp on the same cores, and through a
// rate limit. The processor's time is told beside the clock's, since others may be at work on the machine.

const PEOPLE = Number(process.env['PEOPLE'] ?? 100_000);
const OVER_HTTP = Number(process.env['OVER_HTTP'] ?? 5_000);
const CORES = 2;

type Delivered = { readonly commands: number; readonly wall: number; readonly cpu: number; readonly peakMiB: number };

const heapMiB = (): number => process.memoryUsage().heapUsed / 2 ** 20;

/** Runs the first sync, and measures from the first dispatch to the last receipt. */
const deliver = async (
  people: number,
  learnAmp: Parameters<typeof openNewCompany>[2],
): Promise<Delivered & { readonly growthMiB: number }> => {
  const files = await sqliteFolder();
  const engine = await openNewCompany(people, await files.open(), learnAmp);
  let begun: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  let early = 0;
  let peakMiB = 0;
  let sampled = 0;
  const report = await engine.sync({
    photos: false,
    onProgress: ({ step, done, total = 0 }) => {
      if (step !== 'deliver') return;
      begun ??= { at: performance.now(), cpu: process.cpuUsage() };
      // Calls of many people pass over a round number.
      if (done - sampled < 1_000) return;
      sampled = done;
      peakMiB = Math.max(peakMiB, heapMiB());
      // What there is once a tenth is done, and at the end: the difference is what grows with the number of commands.
      if (early === 0 && done > total / 10) early = heapMiB();
    },
  });
  if (!report.ok || begun === undefined) throw new Error(report.error?.message ?? 'Nothing was delivered.');
  const { user, system } = process.cpuUsage(begun.cpu);
  const wall = performance.now() - begun.at;
  const commands = Object.values(report.commands).reduce((sum, { succeeded }) => sum + succeeded, 0);
  await engine.close();
  await files.remove();
  return { commands, wall, cpu: (user + system) / 1_000, peakMiB, growthMiB: peakMiB - early };
};

const tell = (name: string, { commands, wall, cpu, peakMiB }: Delivered): void =>
  print(
    `      ${name.padEnd(12)}${commands.toLocaleString('en').padStart(9)} commands, ${((commands * 1_000) / wall).toFixed(0).padStart(6)}/s by the clock,` +
      ` ${((commands * 1_000) / cpu).toFixed(0).padStart(6)}/s of processor time, heap ${peakMiB.toFixed(0)} MiB at most`,
  );

describe('delivery', () => {
  bench(
    `${PEOPLE.toLocaleString('en')} people through a port in the same process`,
    async () => {
      print(machine());
      const delivered = await deliver(PEOPLE, openInProcessLearnAmp().port);
      tell('in process', delivered);
      atLeast('commands in a second of processor time, in process', (delivered.commands * 1_000) / delivered.cpu, {
        bar: 2_000,
        gate: 1_000,
      });
      atMost('peak of the heap, MiB', delivered.peakMiB, { bar: 700, gate: 1_200 });
      atMost('growth of the heap after the first tenth, MiB', delivered.growthMiB, { bar: 300, gate: 600 });
    },
    once,
  );

  bench(
    `${OVER_HTTP.toLocaleString('en')} people over HTTP`,
    async () => {
      const simulator = await startSimulator({ seed: 1, company: nobody });
      const delivered = await deliver(
        OVER_HTTP,
        openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', 60_000)),
      );
      await simulator.close();
      tell('over HTTP', delivered);
      const budget = (delivered.commands * 1_000) / (delivered.cpu / CORES);
      atLeast('commands in a second of two cores, engine and Learn Amp together', budget, { bar: 500, gate: 250 });
    },
    once,
  );
});
