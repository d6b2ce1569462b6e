import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { closureOf } from './lock-closure.js';
import { packages, read, root } from './tree.js';

/** What is published: everything but what only tests and demonstrations use. */
export const published = packages().filter(({ json }) => json.private !== true);
/** What a host that embeds the engine needs. The command line and the console come on top. */
export const embedded = published.filter(({ folder }) => folder !== 'cli' && folder !== 'console');

type Packed = {
  readonly name: string;
  readonly filename: string;
  readonly files: ReadonlyArray<{ readonly path: string }>;
};

const run = (command: string, args: ReadonlyArray<string>, cwd: string) => {
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1e8, timeout: 240_000 });
  if (ended.status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed:\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
};

/** The tarballs as `npm publish` would send them. */
export const packAll = (folder: string): ReadonlyArray<Packed> => {
  const workspaces = published.flatMap((each) => ['--workspace', `packages/${each.folder}`]);
  const made: unknown = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces], root),
  );
  return Object.values(made as Readonly<Record<string, Packed>>);
};

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export type Project = {
  readonly folder: string;
  readonly tarballs: ReadonlyArray<Packed>;
  /** Runs Node in the project, as a process of its own. */
  readonly node: (...args: ReadonlyArray<string>) => Promise<Ended>;
  /** As a host does that has the package: from where this repository has it. */
  readonly bring: (name: string) => void;
  /** Puts TypeScript of this repository into the project, as JavaScript. */
  readonly compile: (...paths: ReadonlyArray<string>) => void;
  readonly remove: () => void;
};

/** So long a process may take that was to end by itself. */
const LIMIT_MS = 60_000;

const nodeIn = (cwd: string, args: ReadonlyArray<string>): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });

const compileInto = (folder: string, path: string): void => {
  const target = join(folder, path.replace(/\.ts$/, '.js'));
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, ts.transpileModule(read(path), { compilerOptions: options }).outputText);
};

const byNpm = (folder: string, tarballs: ReadonlyArray<Packed>): void => {
  run(
    'npm',
    ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'].concat(
      tarballs.map(({ filename }) => `./${filename}`),
    ),
    folder,
  );
};

/** As npm lays them out, without asking it: our own from their tarballs, what the lock says they need from where this repository has it. */
const byHand = (folder: string, tarballs: ReadonlyArray<Packed>): void => {
  const modules = join(folder, 'node_modules');
  for (const { name, filename } of tarballs) {
    mkdirSync(join(modules, name), { recursive: true });
    run('tar', ['-xzf', filename, '-C', join('node_modules', name), '--strip-components=1'], folder);
  }
  const needed = closureOf(embedded.map((each) => each.folder));
  for (const place of needed) {
    // What lies below another package is found from there.
    if (!/^node_modules\/(@[^/]+\/)?[^/]+$/.test(place)) continue;
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    symlinkSync(join(root, place), join(folder, place));
  }
};

/** An empty project into which everything that a host needs was put from its tarballs: by npm and a registry, or without either. */
export const openEmptyProject = (how: 'npm' | 'hand'): Project => {
  const folder = mkdtempSync(join(tmpdir(), 'empty-project-'));
  const tarballs = packAll(folder);
  const ours = new Set(embedded.map(({ json }) => json.name));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'host', private: true, type: 'module' }));
  const install = how === 'npm' ? byNpm : byHand;
  install(
    folder,
    tarballs.filter(({ name }) => ours.has(name)),
  );
  return {
    folder,
    tarballs,
    node: (...args) => nodeIn(folder, args),
    bring: (name) => {
      const target = join(folder, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), target);
    },
    compile: (...paths) => {
      for (const path of paths) compileInto(folder, path);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** What was installed beside our own. */
export const installedIn = ({ folder }: Project): ReadonlyArray<string> => {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, unknown>>;
  };
  return Object.keys(lock.packages)
    .filter((path) => path !== '')
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
};
