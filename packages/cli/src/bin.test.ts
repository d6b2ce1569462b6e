import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, copyFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  environment,
  GRAPH_CANARY,
  LEARN_AMP_CANARY,
  soundConfiguration,
  temporaryFolder,
  writeConfiguration,
} from './testing/test-configuration.js';

// The command as it is installed, in processes of its own: these tests run against the build.
const command = fileURLToPath(new URL('../bin/directory-sync.js', import.meta.url));
const runCommandLineModule = new URL('../dist/command-line/run-command-line.js', import.meta.url).href;
const processTerminalModule = new URL('../dist/command-line/process-terminal.js', import.meta.url).href;

type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};
type Options = {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything printed so far, whenever something is printed. */
  readonly onOutput?: (text: string, child: ReturnType<typeof spawn>) => void;
};

const run = (file: string, words: ReadonlyArray<string>, options: Options = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...words], {
      cwd: options.folder ?? temporaryFolder(),
      env: { PATH: process.env['PATH'] ?? '', ...environment, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      options.onOutput?.(stdout + stderr, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      options.onOutput?.(stdout + stderr, child);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });

const directorySync = (words: string, options?: Options): Promise<Ended> => run(command, words.split(' '), options);

/** Runs the built command line over an engine written out in the test: `engine` is the source of an object. */
const withEngine = async (words: string, engine: string, options: Options = {}): Promise<Ended> => {
  const source = `
    const { runCommandLine } = await import(${JSON.stringify(runCommandLineModule)});
    const { processTerminal } = await import(${JSON.stringify(processTerminalModule)});
    const status = async () => ({ connectionId: 'contoso', paused: false, live: { running: false } });
    const engine = { status, close: async () => undefined, ...(${engine}) };
    const code = await runCommandLine(process.argv.slice(1), processTerminal(), {
      openConnection: async () => engine,
      loadPreferencesDecoder: async () => (right) => ({ _tag: 'Right', right }),
    });
    process.exit(code);`;
  const folder = writeConfiguration(soundConfiguration);
  return run('--input-type=module', ['-e', source, '--', ...words.split(' ')], { folder, ...options });
};

/** What a call imports, by name: a hook beneath the module loader writes it to stderr. */
const loadedBy = async (words: ReadonlyArray<string>, folder: string) => {
  const hook = `export const resolve = (name, context, next) => {
    if (!/^[./]|:\\/\\//.test(name)) process.stderr.write('imports ' + name + '\\n');
    return next(name, context);
  };`;
  const asModule = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asModule(hook))});`;
  const ended = await run('--import', [asModule(register), command, ...words], { folder });
  return { ended, loaded: [...ended.stderr.matchAll(/^imports (.*)$/gm)].map(([, name]) => name ?? '') };
};

describe('the installed command', () => {
  test('prints its version and its help', async () => {
    const version = await directorySync('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await directorySync('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: directory-sync');
  });

  test.each([
    ['--help', 0],
    ['sync --frobnicate', 2],
    ['held', 2],
    ['sync', 2],
  ])('"%s" answers at once: it loads neither the engine nor what draws and logs', async (words, code) => {
    const folder = writeConfiguration({ ...soundConfiguration, tenantId: 'x', groupID: 'y' });
    const { loaded, ended } = await loadedBy(words.split(' '), folder);
    expect(ended.code).toBe(code);
    expect(loaded).toContain('commander');
    const heavy = ['@learnamp/directory-sync', 'pino', 'cli-table3', 'cli-progress', 'picocolors', 'node:sqlite'];
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
  });

  test('without its build says what to do', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    copyFileSync(command, join(folder, 'bin', 'directory-sync.mjs'));
    const ended = await run(join(folder, 'bin', 'directory-sync.mjs'), ['sync']);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: 'Run `npm run build` first.\n' });
  });

  test('names a variable that is not set, in the document too', async () => {
    const folder = writeConfiguration({
      ...soundConfiguration,
      learnAmp: {
        ...soundConfiguration.learnAmp,
        auth: { ...soundConfiguration.learnAmp.auth, clientSecret: { env: 'NOT_SET_ANYWHERE' } },
      },
    });
    const ended = await directorySync('sync --json', { folder });
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      ok: false,
      exitCode: 2,
      errors: [{ path: 'learnAmp.auth.clientSecret', message: 'the environment variable NOT_SET_ANYWHERE is not set' }],
    });
  });

  test('reports mistakes in the preferences beside all others', async () => {
    const folder = writeConfiguration({
      ...soundConfiguration,
      tenantId: 'x',
      preferences: { blanks: 'sometimes', inviations: 'manual' },
    });
    const ended = await directorySync('sync --json', { folder });
    const { errors } = JSON.parse(ended.stdout) as { readonly errors: ReadonlyArray<{ readonly path: string }> };
    expect(errors.map(({ path }) => path).sort()).toEqual(['preferences.blanks', 'preferences.inviations', 'tenantId']);
  });
});

describe('a connection that has never been synced', () => {
  const folder = (): string =>
    writeConfiguration({ ...soundConfiguration, eventLog: { kind: 'sqlite', path: 'log.db' } });

  test('is read without a file being made', async () => {
    const place = folder();
    const status = await directorySync('status --json', { folder: place });
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(status.stdout)).toMatchObject({
      connectionId: 'contoso',
      head: null,
      lastSync: null,
      cursors: [],
    });
    for (const verb of ['people --json', 'events --json'])
      expect(await directorySync(verb, { folder: place })).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const replay = await directorySync('replay --json', { folder: place });
    expect(JSON.parse(replay.stdout)).toMatchObject({ summary: { events: 0, head: null, people: 0 } });
    expect(readdirSync(place)).toEqual(['directory-sync.json']);
  });
});

describe('servers that refuse', () => {
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const configuration = (graph: string) => ({
    ...soundConfiguration,
    graph: {
      baseUrl: `${graph}/v1.0`,
      auth: { ...soundConfiguration.graph.auth, authority: graph },
    },
    learnAmp: { ...soundConfiguration.learnAmp, baseUrl: origin },
    patienceSeconds: 2,
  });

  test('a refused sign-in is one sentence, exit code 1, and no secret in any output', async () => {
    const folder = writeConfiguration(configuration(origin));
    for (const words of ['sync --json', 'sync --json --verbose', 'sync --dry-run --json']) {
      const ended = await directorySync(words, { folder });
      expect(ended.code).toBe(1);
      expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-credentials' } });
      for (const canary of [GRAPH_CANARY, LEARN_AMP_CANARY]) expect(ended.stdout + ended.stderr).not.toContain(canary);
      if (!words.includes('verbose')) expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  test('a server that is not there is one sentence and exit code 1', async () => {
    const folder = writeConfiguration(configuration('http://127.0.0.1:9'));
    const ended = await directorySync('sync', { folder });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('signals', () => {
  // Waits for the signal to abort, as a cycle does, and reports what it was told.
  const waiting = `{
    sync: ({ signal }) => new Promise((resolve) => {
      const report = { ok: false, exitCode: 1, events: {}, error: { code: 'stopped', message: 'Stopped; run it again.' } };
      signal.addEventListener('abort', () => resolve(report));
      setInterval(() => undefined, 1000);
      process.stderr.write('working\\n');
    }),
  }`;
  const deaf = `{
    sync: ({ signal }) => new Promise(() => {
      signal.addEventListener('abort', () => process.stderr.write('asked to stop\\n'));
      setInterval(() => undefined, 1000);
      process.stderr.write('working\\n');
    }),
  }`;

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the cycle, which is reported, exit code 1', async (signal) => {
    let sent = false;
    const ended = await withEngine('sync --json', waiting, {
      onOutput: (text, child) => {
        if (sent || !text.includes('working')) return;
        sent = true;
        child.kill(signal);
      },
    });
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: 'stopped' } });
  });

  test('a second signal ends the process at once', async () => {
    let sent = 0;
    const ended = await withEngine('sync', deaf, {
      onOutput: (text, child) => {
        if (sent === 0 && text.includes('working')) sent += Number(child.kill('SIGINT'));
        else if (sent === 1 && text.includes('asked to stop')) sent += Number(child.kill('SIGTERM'));
      },
    });
    expect(ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});

test('a reader that takes one line and leaves ends the listing quietly', async () => {
  const endless = `{
    people: async function* () { for (let n = 0; ; n += 1) yield { userId: String(n), displayName: 'x'.repeat(200) }; },
  }`;
  const ended = await withEngine('people --json', endless, {
    onOutput: (_text, child) => child.stdout?.destroy(),
  });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});
