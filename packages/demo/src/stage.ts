import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from '@learnamp/directory-sync-simulator';

/** The made-up company behind its two servers, and a folder with the configuration that points at them. */
export type Stage = {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export const openStage = async (options: SimulatorOptions): Promise<Stage> => {
  const simulator = await startSimulator(options);
  const folder = await mkdtemp(join(tmpdir(), 'directory-sync-demo-'));
  // The folder holds a log with (made-up) people: it goes also where the process ends without closing the stage.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const { configuration, env } = simulator.config({ eventLog: { kind: 'sqlite', path: './fabrikam.db' } });
  await writeFile(join(folder, 'directory-sync.json'), `${JSON.stringify(configuration, null, 2)}\n`);
  return {
    simulator,
    folder,
    secrets: env,
    close: async () => {
      await simulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      process.off('exit', removeNow);
    },
  };
};
