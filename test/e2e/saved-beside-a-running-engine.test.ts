import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompanyDetails, Settings } from '@learnamp/directory-sync-console';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandLineIn } from '../support/command-line-in-process.js';
import { consoleOf, read, until } from '../support/staying-console.js';

const openPlace = async () => {
  const simulator = await startSimulator({ seed: 9, company: { people: 12 } });
  const folder = await mkdtemp(join(tmpdir(), 'saved-beside-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const { configuration, env } = simulator.config({ extra: { schedule: { pollSeconds: 86_400, fullSyncHours: 24 } } });
  const { stay } = await commandLineIn(folder, configuration, env);
  const file = join(folder, 'directory-sync.json');
  const linked = () => simulator.learnAmp.accounts().filter((each) => each.integrationExternalId !== null);
  return { stay, file, linked };
};

/** Saves that people are told by their office as their job title. */
const save = async (company: string) => {
  const settings = await read<Settings>(`${company}/settings`);
  const { preferences } = settings;
  const attributes = { ...preferences.attributes, jobTitle: ['officeLocation'] };
  const saved = await fetch(`${company}/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ ...settings, preferences: { ...preferences, attributes } }),
  });
  return saved.json();
};

const synced = (company: string) =>
  until(async () => {
    const { status } = await read<CompanyDetails>(company);
    return status?.people.linked === status?.people.inScope && status?.lastSync?.ok === true ? status : undefined;
  });

describe('settings that a console saves beside a running engine', { timeout: 120_000 }, () => {
  test('are followed by the engine before the console says that they are saved', async () => {
    const { stay, linked } = await openPlace();
    const running = stay('run');
    const looking = stay('console --port 0');
    const company = `${await consoleOf(looking)}/api/companies/fabrikam`;
    await synced(company);
    expect(linked().length).toBeGreaterThan(10);
    expect(linked().some(({ jobTitle, location }) => jobTitle !== location)).toBe(true);

    expect(await save(company)).toEqual({ takesEffect: 'next-sync' });
    await until(() => linked().every(({ jobTitle, location }) => jobTitle === location) || undefined);
    expect((await looking.stop()).code).toBe(0);
    const { code, stderr } = await running.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('fabrikam: goes on by the settings that were saved in the console.');
  });
});
