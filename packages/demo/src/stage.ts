import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
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

/** A port that nobody uses, for the notifications. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export const openStage = async (options: SimulatorOptions): Promise<Stage> => {
  const simulator = await startSimulator(options);
  const folder = await mkdtemp(join(tmpdir(), 'directory-sync-demo-'));
  // The folder holds a log with (made-up) people: it goes also where the process ends without closing the stage.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const listen = `127.0.0.1:${await freePort()}`;
  const { configuration, env } = simulator.config({
    eventLog: { kind: 'sqlite', path: './fabrikam.db' },
    extra: { notifications: { publicUrl: `http://${listen}/notifications`, listen } },
  });
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
