import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { commandLineIn } from '../../support/command-line-in-process.js';

const openConsole = async () => {
  const simulator = await startSimulator({ seed: 8, company: { people: 3 } });
  const folder = await mkdtemp(join(tmpdir(), 'consent-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  for (const permission of ['users', 'groups'] as const) simulator.directory.withdraw(permission);
  const { configuration, env } = simulator.config();
  const { run } = await commandLineIn(folder, configuration, env);
  const visit = async (): Promise<string> => {
    const { url } = JSON.parse((await run('consent --redirect http://localhost --json')).stdout) as { url: string };
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
    // As the address line of a browser shows it.
    return new URL(location).href;
  };
  return { simulator, run, visit };
};

it('consent, the page, consent complete, sync: the way of the quick start', async () => {
  const { run, visit } = await openConsole();
  expect(await run('sync --yes')).toMatchObject({ code: 1 });
  const { code, stdout } = await run(`consent complete ${await visit()}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The app signs in to the tenant [\w-]+\. Granted: User\.Read\.All, GroupMember\.Read\.All/);
  expect(await run('sync --yes')).toMatchObject({ code: 0 });
});

it('what is not granted is named, and exit code 1', async () => {
  const { simulator, run, visit } = await openConsole();
  simulator.adminConsent.decide({ does: 'grants', permissions: ['users'] });
  const address = await visit();
  const { code, stdout } = await run(`consent complete ${address}`);
  expect(code).toBe(1);
  expect(stdout).toContain('Not granted yet: GroupMember.Read.All.');
  expect(await run(`consent complete ${address}`)).toMatchObject({ code: 2, stdout: '' });
});
