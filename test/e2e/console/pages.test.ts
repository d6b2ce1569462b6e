import {
  defaultPreferences,
  type DirectorySync,
  DirectorySyncError,
  type Held,
  type HoldDecided,
  type PersonAt,
} from '@learnamp/directory-sync';
import type { Company, Events, Job, Person, People } from '@learnamp/directory-sync-console';
import { describe, expect, it, vi } from 'vitest';
import { browse, consoleOf, ORIGIN } from '../../support/console.js';
import { mountConsole } from '../../examples/console.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage } from '../../support/stage.js';

const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  const ben = stage.hire('Ben Ode');
  const ann = stage.hire('Ann Lee', { jobTitle: 'Engineer', department: 'Sales' });
  stage.directory.setManager(ann, ben);
  const crew = stage.crew(12);
  await stage.sync();
  return { stage, ann, ben, crew };
};

describe('the API of the console', () => {
  it('tells how every company stands', async () => {
    const { stage } = await openCompany();
    const { read } = browse(consoleOf(stage));
    const [company] = await read<ReadonlyArray<Company>>('/api/companies');
    expect(company).toMatchObject({ name: 'Fabrikam', problem: null, status: { people: { inScope: 14, linked: 14 } } });
  });

  it('explains a person: both sides, the manager, and how both stood before', async () => {
    const { stage, ann } = await openCompany();
    stage.directory.updateUser(ann, { jobTitle: 'Captain' });
    await stage.sync();
    const { read, company } = browse(consoleOf(stage));
    const { person, manager, now, why } = await read<Person>(`${company}/people/${ann}`);
    expect(person).toMatchObject({ displayName: 'Ann Lee', status: 'active' });
    expect(manager?.displayName).toBe('Ben Ode');
    expect(now).toMatchObject({
      desired: { profile: { jobTitle: 'Captain' } },
      delivered: { profile: { jobTitle: 'Captain' } },
    });
    const changed = why.events.find(({ type }) => type === 'JobTitleChanged');
    const before = await read<PersonAt>(`${company}/people/${ann}/at?revision=${Number(changed?.revision) - 1}`);
    expect(before.desired?.profile['jobTitle']).toBe('Engineer');
  });

  it('searches people, and pages through the log', async () => {
    const { stage, ann } = await openCompany();
    const { read, company } = browse(consoleOf(stage));
    const found = await read<People>(`${company}/people?text=ann%20lee&status=active`);
    expect(found.people.map(({ userId }) => userId)).toEqual([ann]);
    const all = [];
    let next: string | null = '';
    do {
      const page: Events = await read(`${company}/events?limit=7&from=${next}`);
      all.push(...page.events.map(({ revision }) => Number(revision)));
      next = page.next;
    } while (next !== null);
    const count = (await stage.events()).length;
    expect(all).toEqual(Array.from({ length: count }, (_, at) => count - 1 - at));
    const joined = await read<Events>(`${company}/events?types=UserJoinedGroup&person=${ann}`);
    expect(joined.events.map(({ type }) => type)).toEqual(['UserJoinedGroup']);
  });

  it('approves some of those who are held, under the name of whoever is signed in, and the next sync delivers it', async () => {
    const { stage, crew } = await openCompany();
    for (const id of crew.slice(0, 7)) stage.leave(id);
    await stage.sync();
    stage.newWrites();
    const signedIn = { authorise: () => Promise.resolve({ name: 'Eve', role: 'admin' as const }) };
    const { read, change, company, job } = browse(consoleOf(stage, signedIn));
    const held = await read<Held>(`${company}/held`);
    expect(held.people).toHaveLength(7);
    const [first = '', second = ''] = crew;
    const decided = await change(`${company}/held/approve`, { reason: 'they left', userIds: [first, second] });
    expect((decided.body as HoldDecided).decided).toHaveLength(2);
    const { result } = await job('sync');
    expect(result).toMatchObject({ kind: 'sync', report: { commands: { DeactivateUser: { succeeded: 2 } } } });
    const [approved] = await stage.events('HeldCommandsApproved');
    expect(JSON.stringify(approved?.data)).toContain('Eve');
    await stage.checkInvariants();
  });

  it('previews, verifies, rebuilds, and tells what other preferences would send: nothing is sent by any of it', async () => {
    const { stage, ann } = await openCompany();
    stage.directory.updateUser(ann, { jobTitle: 'Captain' });
    stage.newWrites();
    const { job } = browse(consoleOf(stage));
    expect((await job('preview')).result).toMatchObject({
      kind: 'preview',
      totals: { send: 1 },
      commands: [{ userId: ann, displayName: 'Ann Lee', kind: 'UpdateProfile' }],
    });
    expect((await job('verify')).result).toMatchObject({ kind: 'verify', report: { ok: true } });
    expect((await job('rebuild')).result).toMatchObject({ kind: 'rebuild' });
    const preferences = { attributes: { jobTitle: null } };
    expect((await job('what-if', { preferences })).result).toMatchObject({
      kind: 'what-if',
      summary: { _tag: 'Summary' },
    });
    expect((await job('what-if', { preferences: { invitations: 'never' } })).problem).toMatchObject({
      code: 'invalid-request',
    });
    expect(stage.newWrites()).toEqual([]);
  });

  it('counts of a what-if only what saving would bring, and not what waits in any case', async () => {
    const { stage, crew } = await openCompany();
    for (const id of crew.slice(0, 7)) stage.leave(id);
    await stage.sync();
    const { job } = browse(consoleOf(stage));
    const { result } = await job('what-if', { preferences: { attributes: { jobTitle: 'department' } } });
    expect(result).toMatchObject({
      kind: 'what-if',
      summary: { commands: { DeactivateUser: { held: 7 } } },
      changes: { people: 1, commands: { UpdateProfile: { sent: 1, held: 0 } } },
    });
    expect(result?.kind === 'what-if' ? Object.keys(result.changes.commands) : []).toEqual(['UpdateProfile']);
  });

  it('tells how far a what-if is, and stops it', async () => {
    const { stage } = await openCompany();
    const whatIf: DirectorySync['whatIf'] = async function* ({ onProgress, signal }) {
      onProgress?.({ step: 'plan', done: 1, total: 4 });
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      yield* [];
      throw new DirectorySyncError('stopped', 'It was stopped.');
    };
    const engine = { ...stage.engine(), whatIf };
    const ids = { tenantId: idOf(stage.simulator.tenantId), groupId: idOf(stage.simulator.scopeGroupId) };
    const connection = { connectionId: 'fabrikam', ...ids, preferences: defaultPreferences, engine };
    const { read, change, company } = browse(consoleOf(stage, { connections: () => [connection] }));
    const jobs = () => read<ReadonlyArray<Job>>(`${company}/jobs`);
    await change(`${company}/jobs`, { kind: 'what-if', preferences: defaultPreferences });
    expect(await jobs()).toMatchObject([{ progress: { step: 'plan', done: 1, total: 4 }, endedAt: null }]);
    await change(`${company}/jobs/what-if/stop`);
    await vi.waitFor(async () =>
      expect(await jobs()).toMatchObject([{ progress: null, problem: { code: 'stopped' } }]),
    );
  });

  it('hands out the whole log as it is stored', async () => {
    const { stage } = await openCompany();
    const response = await consoleOf(stage).fetch(new Request(`${ORIGIN}/api/companies/fabrikam/export`));
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="fabrikam.ndjson"');
    const lines = (await response.text()).trimEnd().split('\n');
    const stored: string[] = [];
    for await (const line of stage.engine().exportLog()) stored.push(line);
    expect(lines).toEqual(stored);
  });

  it('records who looked at whom', async () => {
    const { stage, ann } = await openCompany();
    const signedIn = { authorise: () => Promise.resolve({ name: 'Vic', role: 'viewer' as const }) };
    await browse(consoleOf(stage, signedIn)).read(`/api/companies/fabrikam/people/${ann}`);
    const looks = [];
    for await (const { actor, userIds } of stage.engine().accesses())
      looks.push({ actor, isAnn: userIds.includes(ann as never) });
    expect(looks[0]).toEqual({ actor: 'Vic', isAnn: true });
  });
});

describe('the application', () => {
  it('is found under whatever path the host mounts it', async () => {
    const { stage } = await openCompany();
    const { fetch } = consoleOf(stage, { basePath: '/admin/sync' });
    const page = await fetch(new Request(`${ORIGIN}/admin/sync/companies/fabrikam/people`));
    const html = await page.text();
    expect(html).toContain('<base href="/admin/sync/" />');
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const file = await fetch(new Request(`${ORIGIN}/admin/sync/${script}`));
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(new Request(`${ORIGIN}/admin/sync/assets/gone.js`))).status).toBe(404);
    expect((await fetch(new Request(`${ORIGIN}/elsewhere`))).status).toBe(404);
    const session = await fetch(new Request(`${ORIGIN}/admin/sync/api/session`));
    expect(await session.json()).toMatchObject({ role: 'admin' });
  });
});

describe('several companies', () => {
  it('are told apart: each by its own people, log and decisions', async () => {
    const { stage } = await openCompany();
    const other = await openStage({ graph: calm, seed: 2, connectionId: 'northwind' });
    other.crew(3);
    await other.sync();
    const of = (each: typeof stage, connectionId: string, name: string) => ({
      connectionId,
      name,
      tenantId: idOf(each.simulator.tenantId),
      groupId: idOf(each.simulator.scopeGroupId),
      preferences: defaultPreferences,
      engine: each.engine(),
    });
    const companies = [of(stage, 'fabrikam', 'Fabrikam'), of(other, 'northwind', 'Northwind')];
    const { read, change } = browse(consoleOf(stage, { connections: () => companies }));
    const all = await read<ReadonlyArray<Company>>('/api/companies');
    expect(all.map(({ name, status }) => [name, status?.people.inScope])).toEqual([
      ['Fabrikam', 14],
      ['Northwind', 3],
    ]);
    await change('/api/companies/northwind/pause', { reason: 'moving' });
    const paused = await read<ReadonlyArray<Company>>('/api/companies');
    expect(paused.map(({ status }) => status?.paused)).toEqual([false, true]);
    expect((await read<People>('/api/companies/northwind/people')).found).toBe(3);
    expect((await change('/api/companies/contoso/pause', { reason: 'x' })).status).toBe(404);
  });
});

describe('the example of the documentation', () => {
  it('shows it to those whom the host knows, and lets administrators alone decide', async () => {
    const { stage } = await openCompany();
    const company = {
      connectionId: 'fabrikam',
      name: 'Fabrikam',
      tenantId: idOf(stage.simulator.tenantId),
      groupId: idOf(stage.simulator.scopeGroupId),
      preferences: defaultPreferences,
      engine: stage.engine(),
    };
    const users = new Map([
      ['1', { name: 'Eve', isAdmin: true }],
      ['2', { name: 'Vic', isAdmin: false }],
    ]);
    const { fetch } = mountConsole(
      () => [company],
      (request) => Promise.resolve(users.get(request.headers.get('cookie') ?? '')),
    );
    const session = async (cookie: string) =>
      await (await fetch(new Request(`${ORIGIN}/admin/directory-sync/api/session`, { headers: { cookie } }))).json();
    expect(await session('1')).toMatchObject({ name: 'Eve', role: 'admin' });
    expect(await session('2')).toMatchObject({ name: 'Vic', role: 'viewer' });
    expect(await session('3')).toMatchObject({ code: 'not-signed-in' });
  });
});
