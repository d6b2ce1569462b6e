import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigurationChoices, Simulator } from '@learnamp/directory-sync-simulator';
import { onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../packages/cli/bin/directory-sync.js', import.meta.url));
const built = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CommandLine = {
  readonly folder: string;
  /** Runs the built command in a process of its own. `started` gets the process as soon as it is there. */
  readonly run: (words: ReadonlyArray<string>, started?: (child: ChildProcess) => void) => Promise<Ended>;
};

/** The built `directory-sync` in a folder with its configuration and its files, pointed at a simulator. */
export const openCommandLine = async (
  simulator: Simulator,
  { env: more = {}, ...choices }: ConfigurationChoices & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandLine> => {
  if (!existsSync(built)) throw new Error('The command line is not built: run `npm run build` first.');
  const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { configuration, env } = simulator.config(choices);
  await writeFile(join(folder, 'directory-sync.json'), JSON.stringify(configuration));
  return {
    folder,
    run: (words, started) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [command, ...words], {
          cwd: folder,
          env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env, ...more },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
        started?.(child);
      }),
  };
};
