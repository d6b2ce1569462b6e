import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { root } from './tree.js';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A folder with the files the documentation speaks of, and the built command line in it. */
export type Playground = {
  readonly run: (words: ReadonlyArray<string>) => Promise<Ended>;
  /** As `rm -f` with patterns that end in a star, below the folder. */
  readonly remove: (patterns: ReadonlyArray<string>) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const splitWords = (line: string): ReadonlyArray<string> => line.split(/\s+/);

/** `configuration` stands in place of the one that points at the simulator. */
export const openPlayground = async (configuration?: unknown): Promise<Playground> => {
  const simulator = await startSimulator({ seed: 5, company: { people: 12 } });
  const { directory, scopeGroupId } = simulator;
  const ada = directory.addUser({
    displayName: 'Ada Winter',
    userPrincipalName: 'ada.winter@fabrikam.example',
    givenName: 'Ada',
    surname: 'Winter',
  });
  directory.addMember(scopeGroupId, ada);
  const folder = await mkdtemp(join(tmpdir(), 'docs-'));
  const made = simulator.config({ eventLog: { kind: 'sqlite', path: './fabrikam.db' } });
  const text = JSON.stringify(configuration ?? made.configuration);
  await writeFile(join(folder, 'directory-sync.json'), text);
  await writeFile(join(folder, 'preferences.json'), JSON.stringify({ assignOverrideManagers: false }));
  await mkdir(join(folder, 'fabrikam'));
  await writeFile(join(folder, 'fabrikam', 'directory-sync.json'), text);
  return {
    run: (words) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(root, 'packages/cli/bin/directory-sync.js'), ...words], {
          cwd: folder,
          env: { PATH: process.env['PATH'], LEARN_AMP_INTERNAL_TOKEN: 'a-token', ...made.env },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const heard = { stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (heard.stdout += chunk));
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => (heard.stderr += chunk));
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, ...heard }));
      }),
    remove: async (patterns) => {
      const files = await readdir(folder, { recursive: true });
      for (const pattern of patterns) {
        const start = pattern.replace(/\*$/, '');
        const found = files.filter((file) => (pattern.endsWith('*') ? file.startsWith(start) : file === start));
        if (found.length === 0) throw new Error(`Nothing is called ${pattern}.`);
        for (const file of found) await rm(join(folder, file));
      }
    },
    close: async () => {
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
