import { defaultPreferences } from '@learnamp/directory-sync';
import {
  type CompanyDetails,
  type ConsentBegun,
  type Job,
  makeConsole,
  type Settings,
} from '@learnamp/directory-sync-console';
import { describe, expect, it } from 'vitest';
import { browse } from '../../support/console.js';
import { openHostToSetUp } from '../../support/set-up-stage.js';

const openHost = async () => {
  const { simulator, host } = await openHostToSetUp();
  const pages = browse(makeConsole({ ...host, localName: 'Eve' }));
  const settings = () => pages.read<Settings>(`${pages.company}/settings`);
  const save = async (parts: object) =>
    pages.change(`${pages.company}/settings`, { ...(await settings()), ...parts }, 'PUT');
  const ids = { tenantId: simulator.tenantId, groupId: simulator.scopeGroupId };
  return { simulator, host, ...pages, settings, save, ids };
};

const checksOf = (job: Job) => (job.result?.kind === 'check' ? job.result.checks : []);

describe('setting a company up through the API of the console', () => {
  it('goes from nothing to a synced company in the steps of the quick start', async () => {
    const { simulator, read, change, company, job, settings, save, ids } = await openHost();
    expect(await read<CompanyDetails>(company)).toMatchObject({ isSetUp: false, status: null });
    expect(await settings()).toMatchObject({ tenantId: null, isSetUp: false, hasBegun: false });

    simulator.directory.withdraw('users');
    simulator.directory.withdraw('groups');
    const before = checksOf(await job('check', ids));
    expect(before.find(({ check }) => check === 'permission-groups')?.result).toBe('failed');

    const { body } = await change(`${company}/consent`, { tenantId: ids.tenantId });
    const led = await simulator.fetch((body as ConsentBegun).url, { redirect: 'manual' });
    const answer = led.headers.get('location') ?? '';
    expect(answer).toMatch(/^http:\/\/localhost:8484\/consent\?/);
    const given = await change('/api/consent', { answer });
    expect(given).toMatchObject({ status: 200, body: { connectionId: 'fabrikam', missing: [] } });

    const checks = checksOf(await job('check', ids));
    expect(checks.find(({ check }) => check === 'group')?.says).toContain('is there:');
    expect(checks.find(({ check }) => check === 'people')?.says).toMatch(/\d+ people in the group/);
    expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);

    expect(await save(ids)).toEqual({ status: 200, body: { takesEffect: 'next-sync' } });
    expect(await settings()).toMatchObject({ ...ids, isSetUp: true, hasBegun: false });
    const { result } = await job('preview');
    expect(result).toMatchObject({ kind: 'preview', totals: { byKind: { CreateUser: expect.any(Number) as number } } });
    await job('sync');
    const { status } = await read<CompanyDetails>(company);
    expect(status?.people.linked).toBe(status?.people.inScope);
    expect(status?.people.linked).toBeGreaterThan(10);
  });

  it('takes a consent from the visitor who began it, once, and from nobody else', async () => {
    const { simulator, host, ids } = await openHost();
    let visitor = { name: 'Eve', role: 'admin' as const };
    const { change, company } = browse(makeConsole({ ...host, authorise: () => Promise.resolve(visitor) }));
    const { body } = await change(`${company}/consent`, { tenantId: ids.tenantId });
    const led = await simulator.fetch((body as ConsentBegun).url, { redirect: 'manual' });
    const answer = led.headers.get('location') ?? '';
    visitor = { name: 'Mallory', role: 'admin' };
    expect(await change('/api/consent', { answer })).toMatchObject({ status: 409 });
    await change(`${company}/consent`, { tenantId: ids.tenantId });
    expect(await change('/api/consent', { answer })).toMatchObject({ status: 409, body: { code: 'consent-answer' } });
    visitor = { name: 'Eve', role: 'admin' };
    expect(await change('/api/consent', { answer })).toMatchObject({ status: 200 });
    expect(await change('/api/consent', { answer })).toMatchObject({ status: 409 });
  });

  it('saves nothing over what somebody else changed meanwhile', async () => {
    const { host, change, company, settings, ids } = await openHost();
    const seen = await settings();
    host.change({ preferences: { ...defaultPreferences, syncPhotos: false } });
    const saved = await change(`${company}/settings`, { ...seen, ...ids }, 'PUT');
    expect(saved).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    expect(host.saved()).toMatchObject({ tenantId: null, preferences: { syncPhotos: false } });
  });

  it('keeps the tenant of a log that has begun, and takes no half of a connection', async () => {
    const { save, job, host, ids } = await openHost();
    await save(ids);
    await job('sync');
    const elsewhere = { tenantId: '0b0f6a1c-0000-4000-8000-000000000001' };
    expect(await save(elsewhere)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('belongs to the tenant') as string },
    });
    expect((await save({ groupId: null })).status).toBe(400);
    expect((await save({ groupId: 'everybody' })).status).toBe(400);
    expect((await save({ preferences: { invitations: 'sometimes' } })).status).toBe(400);
    expect(host.saved()).toMatchObject(ids);
  });

  it('puts saved preferences into effect by the next sync', async () => {
    const { simulator, save, job, ids } = await openHost();
    await save(ids);
    await job('sync');
    await save({ preferences: { ...defaultPreferences, attributes: { jobTitle: 'officeLocation' } } });
    await job('sync');
    const linked = simulator.learnAmp.accounts().filter(({ integrationExternalId }) => integrationExternalId !== null);
    expect(linked.length).toBeGreaterThan(10);
    for (const { jobTitle, location } of linked) expect(jobTitle).toBe(location);
  });

  it('tells neither how the app signs in nor what is kept of a consent', async () => {
    const { simulator, read, company, save, job, ids } = await openHost();
    await job('check', ids);
    await save(ids);
    const secrets = Object.values(simulator.config().env);
    for (const path of [`${company}/settings`, `${company}/jobs`, '/api/session', company]) {
      const text = JSON.stringify(await read(path));
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});
