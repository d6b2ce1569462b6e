import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type LearnAmpServerOptions } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandLineIn } from '../support/command-line-in-process.js';

const openDoctor = async (learnAmp: LearnAmpServerOptions = {}, extra: Readonly<Record<string, unknown>> = {}) => {
  const simulator = await startSimulator({ seed: 6, company: { people: 12 }, learnAmp });
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const { configuration, env } = simulator.config({ extra });
  const { run } = await commandLineIn(folder, configuration, env);
  return { simulator, folder, run };
};

describe('doctor --learn-amp', () => {
  it('finds a sound account sound: it reads, writes nothing anywhere, and asks Microsoft Graph nothing', async () => {
    const { simulator, folder, run } = await openDoctor();
    simulator.faults.add({ system: 'graph', action: 'reset' });
    const { code, stdout, stderr } = await run('doctor --learn-amp');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual([
      ...Array<string>(10).fill('ok'),
      'Learn',
      '',
    ]);
    expect(simulator.learnAmp.writes()).toEqual([]);
    expect(simulator.requests.count({ system: 'graph' })).toBe(0);
    expect(await readdir(folder)).toEqual(['directory-sync.json']);
    for (const { email } of simulator.learnAmp.accounts()) expect(stdout).not.toContain(email);
  });

  it('names the scope that is missing, and is exit code 1', async () => {
    const { run } = await openDoctor({ scopes: ['users:read', 'users:create', 'users:update', 'teams:read'] });
    const { code, stdout } = await run('doctor --learn-amp');
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed +scopes +The credentials lack users:deactivate, users:reactivate, teams:create/);
    expect(stdout).toMatch(/\n1 check failed\. Nothing was written\.\n$/);
  });

  it('tells of mapped custom fields that are switched off, and of external ids of another integration', async () => {
    const preferences = { customFields: { employeeId: 'Employee ID' } };
    const { simulator, run } = await openDoctor({ customFieldsEnabled: false }, { preferences });
    simulator.learnAmp.updateAccount(simulator.learnAmp.owner().id, { integrationExternalId: 'HR-1' });
    const { code, stdout } = await run('doctor --learn-amp --json');
    const { ok, checks } = JSON.parse(stdout) as {
      ok: boolean;
      checks: ReadonlyArray<{ check: string; result: string }>;
    };
    expect([code, ok]).toEqual([1, false]);
    expect(checks).toContainEqual({
      check: 'custom-fields',
      result: 'failed',
      says: expect.stringContaining('would be ignored') as unknown,
    });
    expect(checks.find(({ check }) => check === 'external-id')).toMatchObject({ result: 'note' });
  });

  it('names nobody', async () => {
    const { run } = await openDoctor();
    expect(await run('doctor --learn-amp --names')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--names') as unknown,
    });
  });
});
