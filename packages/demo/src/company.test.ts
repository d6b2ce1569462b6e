import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const company = fileURLToPath(new URL('../dist/company.js', import.meta.url));
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'company-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = () => spawn(process.execPath, [company], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

test('the company writes a configuration with its secrets in files, and takes all of it away when it is stopped', async () => {
  const child = start();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('close', () => reject(new Error('The company did not open.')));
  });
  const text = await readFile(join(folder, 'fabrikam/directory-sync.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    connectionId: 'fabrikam',
    graph: { auth: { clientSecret: { file: './graph_client_secret' } } },
    learnAmp: { auth: { clientSecret: { file: './learn_amp_client_secret' } } },
  });
  const secret = await readFile(join(folder, 'fabrikam/graph_client_secret'), 'utf8');
  expect(text).not.toContain(secret.trim());
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is there already is left alone', async () => {
  await mkdir(join(folder, 'fabrikam'));
  const child = start();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
  expect(stderr).toContain('remove the folder');
  expect(await readdir(folder)).toEqual(['fabrikam']);
});
