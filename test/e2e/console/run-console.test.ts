import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompanyDetails, Settings } from '@learnamp/directory-sync-console';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { commandLineIn } from '../../support/command-line-in-process.js';
import { consoleOf, read, until } from '../../support/staying-console.js';

const CONNECTION = 'fabrikam';

it('what is saved in the console of run is in the file, and the next cycle follows it', async () => {
  const simulator = await startSimulator({ seed: 9, company: { people: 12 } });
  const folder = await mkdtemp(join(tmpdir(), 'run-console-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const { configuration, env } = simulator.config();
  const { stay } = await commandLineIn(folder, configuration, env);
  const running = stay('run --console --port 0');
  const company = `${await consoleOf(running)}/api/companies/${CONNECTION}`;
  const synced = () =>
    until(async () => {
      const { status } = await read<CompanyDetails>(company);
      return status?.people.linked === status?.people.inScope && status?.lastSync?.ok === true ? status : undefined;
    });
  await synced();

  const settings = await read<Settings>(`${company}/settings`);
  const { preferences } = settings;
  const attributes = { ...preferences.attributes, jobTitle: ['officeLocation'] };
  const saved = await fetch(`${company}/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ ...settings, preferences: { ...preferences, attributes } }),
  });
  expect(await saved.json()).toEqual({ takesEffect: 'next-sync' });

  const linked = () => simulator.learnAmp.accounts().filter((each) => each.integrationExternalId !== null);
  await until(() => linked().every(({ jobTitle, location }) => jobTitle === location) || undefined);
  expect(linked().length).toBeGreaterThan(10);
  const { code } = await running.stop();
  expect(code).toBe(0);
  const file: unknown = JSON.parse(await readFile(join(folder, 'directory-sync.json'), 'utf8'));
  const written = { attributes: { jobTitle: 'officeLocation' } };
  expect(file).toEqual({ ...configuration, preferences: expect.objectContaining(written) as unknown });
  for (const secret of Object.values(env)) expect(JSON.stringify(settings)).not.toContain(secret);
});
