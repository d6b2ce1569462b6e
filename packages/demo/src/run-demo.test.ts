import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Company } from '@learnamp/directory-sync-console';
import { width } from './layout.js';
import { runDemo } from './run-demo.js';

// The demo as `npm run demo` starts it, from the build, with a temporary folder of its own to look into afterwards.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'demo-test-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const runMain = (onOutput: (text: string, pid: number) => void = () => undefined): Promise<Ended> =>
  new Promise((resolve, reject) => {
    // As on a build server, which some libraries take for a terminal with colours.
    const env = { ...process.env, TMPDIR: scratch, CI: 'true' };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const heard = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard.stdout += text;
      onOutput(heard.stdout, child.pid ?? 0);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...heard }));
  });

test(
  'the whole story holds, fits 80 columns without colour, and leaves nothing behind',
  { timeout: 300_000 },
  async () => {
    const { code, stdout, stderr } = await runMain();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Everything held.');
    expect(stdout.split('\n').filter((line) => width(line) > 80)).toEqual([]);
    expect(stdout).not.toMatch(/\u001b/);
    expect(await readdir(scratch)).toEqual([]);
  },
);

test('when it is stopped in the middle of a sync it cleans up and says so', { timeout: 120_000 }, async () => {
  let sent = false;
  const { code, stderr } = await runMain((text, pid) => {
    if (sent || !text.includes('$ directory-sync sync --yes')) return;
    sent = true;
    process.kill(pid, 'SIGINT');
  });
  expect(code).toBe(130);
  expect(stderr).toContain('Stopped; nothing is left behind.');
  expect(await readdir(scratch)).toEqual([]);
});

test('a check that fails ends it with exit code 1 and one sentence that says what', { timeout: 120_000 }, async () => {
  let errors = '';
  const code = await runDemo({
    write: () => undefined,
    writeError: (text) => (errors += text),
    colour: false,
    progress: false,
    signal: new AbortController().signal,
    // Fewer seats than people: Learn Amp refuses some of them, and the initial sync cannot end with exit code 0.
    simulator: { company: { people: 40 }, learnAmp: { seats: 20 } },
  });
  expect(code).toBe(1);
  expect(errors.replaceAll('\n', ' ')).toMatch(
    /"directory-sync sync --yes" should have ended with exit code 0 and ended with 4/,
  );
});

test('--console opens the made-up company in the console until it is stopped', { timeout: 300_000 }, async () => {
  const child = spawn(process.execPath, [main, '--console'], {
    env: { ...process.env, TMPDIR: scratch, CI: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const address = await new Promise<string>((resolve) => {
    let heard = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      const found = /Open (http:\/\/127\.0\.0\.1:\d+\/)/.exec(heard)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const [company] = (await (await fetch(`${address}api/companies`)).json()) as ReadonlyArray<Company>;
  expect(company?.status?.people.held).toBe(20);
  expect(await (await fetch(address)).text()).toContain('<div id="app">');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(await readdir(scratch)).toEqual([]);
});
