import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { print } from './measured.js';

// Emmett with SQLite, to compare with. It is no dependency of this repository: its binding compiles SQLite when it is
// installed, which takes minutes, and everybody who installs the repository would wait for it. The versions are those of
// `test/bench/emmett`; they are installed once, beside the logs that are made up.

const source = (name: string): string => fileURLToPath(new URL(`../emmett/${name}`, import.meta.url));

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const install = async (folder: string): Promise<void> => {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) await copyFile(source(name), join(unfinished, name));
  try {
    print('      Emmett is installed: some minutes');
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: unfinished });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
};

/** The folder with Emmett in it, and its version; `undefined` where it cannot be installed. */
export const emmettFolder = async (): Promise<{ readonly folder: string; readonly version: string } | undefined> => {
  const { dependencies } = JSON.parse(await readFile(source('package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const version = dependencies['@event-driven-io/emmett-sqlite'] ?? '';
  const folder = join(tmpdir(), 'directory-sync-bench', `emmett-${version}`);
  try {
    if (!(await isThere(folder))) await install(folder);
    return { folder, version };
  } catch (error) {
    print(`      Emmett is left out, since it cannot be installed: ${String(error).split('\n')[0] ?? ''}`);
    return undefined;
  }
};
