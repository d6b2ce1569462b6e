import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoctorCheck } from '@learnamp/directory-sync';
import { type ConfigurationChoices, type SimulatorOptions, startSimulator } from '@learnamp/directory-sync-simulator';
import { onTestFinished } from 'vitest';
import { commandLineIn } from './command-line-in-process.js';

type Document = { readonly ok: boolean; readonly checks: ReadonlyArray<DoctorCheck> };

/** The command line in a folder of its own, pointed at a made-up company. */
export const openDoctor = async (options: Partial<SimulatorOptions> = {}, choices: ConfigurationChoices = {}) => {
  const simulator = await startSimulator({ seed: 6, company: { people: 12 }, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const { configuration, env } = simulator.config(choices);
  const { run } = await commandLineIn(folder, configuration, env);
  return {
    simulator,
    folder,
    run,
    /** `doctor --json`, by the name of the check. */
    look: async (flags = '') => {
      const { code, stdout, stderr } = await run(`doctor --json${flags}`);
      const { ok, checks } = JSON.parse(stdout) as Document;
      const of = (name: DoctorCheck['check']): DoctorCheck => {
        const found = checks.find(({ check }) => check === name);
        if (found === undefined) throw new Error(`${name} was not looked at: ${stdout}`);
        return found;
      };
      return { code, ok, checks, of, stdout, stderr };
    },
    /** Every file of the folder, by its name: what it holds and when it was written. */
    files: async (): Promise<Readonly<Record<string, string>>> => {
      const names = (await readdir(folder)).sort();
      const held = await Promise.all(
        names.map(async (name) =>
          createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex'),
        ),
      );
      return Object.fromEntries(names.map((name, index) => [name, held[index] ?? '']));
    },
  };
};
