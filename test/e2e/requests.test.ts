import type { FaultAction, RequestRecord } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { contentsOf, withoutCache } from '../support/files.js';
import { none } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

const custom = { customFields: [{ name: 'Staff no' }] };
const company = { people: 45, outsiders: 5, existingAccounts: 0, guest: false, mononym: false, photos: 0 };

const isDelta = ({ path }: RequestRecord): boolean => /\/(users|groups)\/.*delta/.test(path);

/** Requests to Graph by what they are for. */
const graphRequests = (stage: Stage) => {
  const all = stage.simulator.requests.matching({ system: 'graph' });
  const pages = all.filter(isDelta);
  const batches = all.filter(({ path }) => path.endsWith('/$batch'));
  const counts = all.filter(({ path }) => path.endsWith('/$count'));
  const others = all.filter((request) => ![...pages, ...batches, ...counts].includes(request));
  // No page is ever asked for twice: so many were asked for as the server chose to serve.
  expect(new Set(pages.map(({ path, query }) => JSON.stringify([path, query]))).size).toBe(pages.length);
  return { all: all.length, pages: pages.length, batches, counts: counts.length, others };
};

const itemsOf = (batches: ReadonlyArray<RequestRecord>): number =>
  batches.reduce((sum, { items }) => sum + items.length, 0);

const learnAmpRequests = (stage: Stage) => {
  const all = stage.simulator.requests.matching({ system: 'learnAmp' });
  const of = (method: string, path: RegExp) => all.filter((r) => r.method === method && path.test(r.path)).length;
  return {
    all: all.length,
    accountPages: of('GET', /^\/v1\/users$/),
    teamPages: of('GET', /^\/v1\/teams$/),
    newTeams: of('POST', /^\/v1\/teams$/),
    creations: of('POST', /^\/v1\/users$/),
    updates: of('PUT', /^\/v1\/users\/\d+$/),
  };
};

describe('requests to Graph', () => {
  it.each([1, 2, 3])(
    'of a first sync are the pages, a batch for each twenty profiles, the scope group, and one count (seed %i)',
    async (seed) => {
      // The scope is a small part of the tenant: the members' profiles are read one by one.
      const stage = await openStage({ seed, company: { ...company, outsiders: 200 }, storage: 'memory' });
      const report = await stage.sync();
      const { all, pages, batches, counts, others } = graphRequests(stage);
      expect(report.people.linked).toBe(45);
      expect(itemsOf(batches)).toBe(45);
      expect(batches).toHaveLength(Math.ceil(45 / 20));
      expect(counts).toBeLessThanOrEqual(1);
      const scope = `/v1.0/groups/${stage.directory.scopeGroupId}`;
      // What is below it is asked for once, and read fifty groups to a cursor.
      expect(others.map(({ path }) => path).sort()).toEqual([
        scope,
        `${scope}/transitiveMembers/microsoft.graph.group`,
      ]);
      expect(all).toBe(pages + 3 + 2 + counts);
      expect(report.requests.graph).toBe(all);
    },
  );

  it.each([1, 2, 3])('are no more where the whole tenant is read at once (seed %i)', async (seed) => {
    const stage = await openStage({ seed, company, storage: 'memory' });
    await stage.sync();
    const { all, pages, batches, counts, others } = graphRequests(stage);
    expect(batches.length).toBeLessThanOrEqual(Math.ceil(45 / 20));
    expect(others).toHaveLength(2);
    expect(all).toBeLessThanOrEqual(pages + 3 + 2 + counts);
    expect(counts).toBe(1);
  });

  it.each([
    [10, 30, 'follows the group because 10 of the 40 people'],
    [11, 30, 'reads the whole tenant because 11 of the 41 people'],
  ])(
    'read the whole tenant for more than a quarter of it, which the report tells (%i and %i others)',
    async (people, others, told) => {
      const stage = await openStage({ graph: calm, storage: 'memory' });
      const ours = stage.crew(people);
      for (let n = 0; n < others; n += 1)
        stage.directory.addUser({ displayName: `Other ${n}`, userPrincipalName: `other.${n}@fabrikam.example` });
      for (const full of [false, true]) {
        stage.simulator.requests.reset();
        const report = await stage.sync({ full });
        expect(report).toMatchObject({ exitCode: 0, people: { linked: people } });
        expect(report.notes).toEqual([
          { userId: null, kind: 'people-read', reason: expect.stringContaining(told) as string },
        ]);
        const pages = stage.simulator.requests.matching({ system: 'graph', path: /\/users\/.*delta/ });
        const whole = told.startsWith('reads the whole');
        expect(pages.filter(({ query }) => !Object.keys(query).some((name) => /deltatoken/i.test(name)))).toHaveLength(
          whole ? 1 : 0,
        );
        // Nobody else is looked at one by one; of those without a manager only a direct read tells that they have none (FC-64).
        const asked = graphRequests(stage).batches.flatMap(({ items }) => items.map(({ path }) => path));
        expect(asked.every((path) => ours.some((id) => path.includes(id)))).toBe(true);
        expect(asked).toHaveLength(people);
      }
      expect((await stage.sync()).notes).toBeUndefined();
    },
  );

  it.each<[string, FaultAction]>([
    ['is refused', { status: 403, body: {} }],
    ['is no number', { rewrite: (response) => ({ ...response, body: 'many' }) }],
    ['does not come', 'reset'],
  ])('go on without the count where it %s: the group is followed, and the report says so', async (_, action) => {
    const stage = await openStage({ company, storage: 'memory', patienceMs: 200 });
    const failed = stage.simulator.faults.add({ system: 'graph', path: /\$count$/, action });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { linked: 45 } });
    expect(failed.hits()).toBeGreaterThan(0);
    expect(report.notes?.[0]?.reason).toMatch(/^follows the group, because Microsoft Graph did not say how many/);
    expect(itemsOf(graphRequests(stage).batches)).toBe(45);
  });

  it('follow 120 groups of one level with three cursors', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const { directory } = stage;
    for (const child of Object.values(stage.simulator.company.groups))
      if (directory.group(directory.scopeGroupId).memberIds.has(child))
        directory.detachGroup(directory.scopeGroupId, child);
    for (let n = 0; n < 120; n += 1) {
      const group = directory.addGroup({ displayName: `Shift ${n}` });
      directory.nestGroup(directory.scopeGroupId, group);
    }
    stage.crew(1);
    await stage.sync();
    const groups = stage.simulator.requests.count({ system: 'graph', path: /\/groups\/.*delta/ });
    expect(groups).toBe(Math.ceil(121 / 50));
    stage.simulator.requests.reset();
    await stage.sync();
    expect(stage.simulator.requests.counts()).toMatchObject({ graph: 4, learnAmp: 0 });
  });

  it('follow old and new cursors once at most: what an interrupted full read left behind is dropped by the next sync', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory', patienceMs: 100 });
    const { directory, simulator } = stage;
    const others = directory.groups().length;
    for (let n = 0; n < 120; n += 1)
      directory.nestGroup(directory.scopeGroupId, directory.addGroup({ displayName: `Shift ${n}` }));
    stage.crew(1);
    await stage.sync();
    const cursors = async (): Promise<number> => (await stage.engine().status()).cursors.length - 1;
    const before = await cursors();
    const path = /\/groups\/.*delta/;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const broken = simulator.faults.add({ system: 'graph', path, from: 3, action: 'reset' });
      expect((await stage.sync({ full: true })).exitCode).toBe(1);
      broken.remove();
    }
    expect(await cursors()).toBeGreaterThan(2 * before);
    await stage.sync();
    const after = await cursors();
    expect(after).toBeLessThanOrEqual(before + 1);
    simulator.requests.reset();
    expect((await stage.sync()).events).toEqual({});
    expect(simulator.requests.count({ system: 'graph', path })).toBe(after);
    await stage.sync({ full: true });
    expect(await cursors()).toBe(Math.ceil((120 + others) / 50));
  });

  it('for leavers are a batch for each twenty of them', async () => {
    const stage = await openStage({
      graph: calm,
      storage: 'memory',
      preferences: { deactivationHold: { enabled: false } },
    });
    const crew = stage.crew(45);
    await stage.sync();
    const idle = (await stage.engine().status()).cursors.length;
    for (const id of crew.slice(0, 41)) stage.leave(id);
    stage.simulator.requests.reset();
    await stage.sync();
    const { all, batches } = graphRequests(stage);
    expect(batches).toHaveLength(Math.ceil(41 / 20));
    expect(itemsOf(batches)).toBe(41);
    expect(all).toBe(idle + 3);
  });

  it('for joiners later are the cursors, and for each twenty a batch that confirms them and one of profiles', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    stage.crew(5);
    await stage.sync();
    const idle = (await stage.engine().status()).cursors.length;
    stage.crew(21);
    stage.simulator.requests.reset();
    await stage.sync();
    expect(graphRequests(stage)).toMatchObject({ all: idle + 2 + 2, counts: 0, others: [] });
  });
});

describe('requests to Learn Amp', () => {
  it('of a first sync are the pages, one for each team, and at most three for each person', async () => {
    const stage = await openStage({ company, storage: 'memory', learnAmp: { largestPage: 25 } });
    for (let n = 0; n < 60; n += 1)
      stage.learnAmp.addAccount({ email: `old${n}@elsewhere.example`, firstName: 'Old', lastName: `Hand${n}` });
    for (let n = 0; n < 30; n += 1) stage.learnAmp.addTeam({ name: `Club ${n}` });
    const report = await stage.sync();
    const { all, accountPages, teamPages, newTeams, creations, updates } = learnAmpRequests(stage);
    // 62 accounts in pages of 25, then the deactivated ones, of whom there is none.
    expect(accountPages).toBe(3 + 1);
    expect(teamPages).toBe(2);
    expect(newTeams).toBe(stage.learnAmp.teams().length - 30);
    expect(creations).toBe(45);
    expect(updates).toBeLessThanOrEqual(2 * 45);
    expect(all).toBe(accountPages + teamPages + newTeams + creations + updates);
    expect(report.requests.learnAmp).toBe(all);
  });

  it('take one more for each person with a custom field', async () => {
    const stage = await openStage({
      graph: calm,
      storage: 'memory',
      preferences: { customFields: { employeeId: 'Staff no' } },
      learnAmp: custom,
    });
    stage.crew(8, { department: 'Sales', employeeId: '4711' });
    await stage.sync();
    const { all, accountPages, teamPages, newTeams, creations, updates } = learnAmpRequests(stage);
    expect([newTeams, creations]).toEqual([1, 8]);
    expect(updates).toBeLessThanOrEqual(2 * 8);
    expect(all).toBeLessThanOrEqual(accountPages + teamPages + newTeams + 8 * 3);
  });

  it('for people who come later are three each, and for their team its list and one write', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const [boss = ''] = stage.crew(4, { department: 'Sales' });
    await stage.sync();
    stage.simulator.requests.reset();
    for (const id of stage.crew(3, { department: 'Research' })) stage.directory.setManager(id, boss);
    await stage.sync();
    const { all, accountPages, teamPages, newTeams, creations } = learnAmpRequests(stage);
    expect({ accountPages, newTeams, creations }).toEqual({ accountPages: 0, newTeams: 1, creations: 3 });
    expect(all).toBeLessThanOrEqual(teamPages + newTeams + 3 * 3);
    expect(teamPages).toBeLessThanOrEqual(1);
  });

  it.each([
    ['an active account', false, true],
    ['an active account where lists leave out deactivated ones', false, false],
    ['a deactivated account', true, true],
    ['a deactivated account that lists leave out', true, false],
  ])(
    // One of them looks at the slot right before our id is written into it: nobody else's id is ever written over.
    'for somebody who is adopted with %s, met only when they come, are at most seven',
    async (_what, inactive, listsDeactivated) => {
      const stage = await openStage({ graph: calm, storage: 'memory', learnAmp: { listsDeactivated } });
      const [boss = ''] = stage.crew(4, { department: 'Sales' });
      await stage.sync();
      const { id } = stage.learnAmp.addAccount({
        email: 'ann.lee@fabrikam.example',
        firstName: 'By',
        lastName: 'Hand',
      });
      if (inactive) stage.learnAmp.deactivate(id);
      const ann = stage.hire('Ann Lee', { department: 'Sales', jobTitle: 'Engineer' });
      stage.directory.setManager(ann, boss);
      stage.simulator.requests.reset();
      await stage.sync();
      expect(stage.account(ann)).toMatchObject({ id, firstName: 'Ann', jobTitle: 'Engineer', status: 'confirmed' });
      expect(stage.teamOf(ann)).toBe('Sales');
      expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
      expect(stage.simulator.requests.counts().learnAmp).toBeLessThanOrEqual(7);
    },
  );

  it('for somebody who is adopted in a first sync, or returns, are at most six', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'By', lastName: 'Hand' });
    const boss = stage.hire('Bea Boss', { department: 'Sales' });
    const ann = stage.hire('Ann Lee', { department: 'Sales', jobTitle: 'Engineer' });
    stage.directory.setManager(ann, boss);
    stage.crew(6);
    await stage.sync();
    const { all, accountPages, teamPages, newTeams } = learnAmpRequests(stage);
    expect(all - accountPages - teamPages - newTeams).toBeLessThanOrEqual(6 + 2 + 6);

    stage.leave(ann);
    stage.simulator.requests.reset();
    await stage.sync();
    expect(stage.simulator.requests.counts().learnAmp).toBeLessThanOrEqual(2);

    stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example', jobTitle: 'Architect' });
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    stage.simulator.requests.reset();
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ email: 'ann.oak@fabrikam.example', jobTitle: 'Architect' });
    expect(stage.simulator.requests.counts().learnAmp).toBeLessThanOrEqual(6);
  });

  it('for a change of a person are one', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
    await stage.sync();
    stage.simulator.requests.reset();
    stage.directory.updateUser(ann, {
      jobTitle: 'Architect',
      surname: 'Oak',
      userPrincipalName: 'oak@fabrikam.example',
    });
    await stage.sync();
    expect(stage.simulator.requests.counts().learnAmp).toBe(1);
  });
});

describe('an idle sync', () => {
  it('asks Graph once for each cursor and Learn Amp nothing, appends nothing, and changes no file but the cache', async () => {
    const stage = await openStage({
      company: { ...company, people: 20 },
      graph: { ...calm, duplicates: true, shuffle: true },
    });
    await stage.sync();
    const { cursors, head } = await stage.engine().status();
    await stage.close();
    const before = withoutCache(await contentsOf(stage.folder));
    await stage.reopen();
    for (let round = 0; round < 3; round += 1) {
      stage.simulator.requests.reset();
      const report = await stage.sync({ photos: false });
      expect(report).toMatchObject({ ok: true, exitCode: 0, events: none });
      expect(report.requests).toEqual({ graph: cursors.length, learnAmp: 0 });
      expect(stage.simulator.requests.counts()).toMatchObject({ graph: cursors.length, learnAmp: 0 });
      for (const request of stage.simulator.requests.matching({ system: 'graph' })) expect(isDelta(request)).toBe(true);
    }
    expect((await stage.engine().status()).head).toEqual(head);
    await stage.close();
    expect(withoutCache(await contentsOf(stage.folder))).toEqual(before);
  });

  it('goes on from the recorded link where the cache was thrown away', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    stage.crew(5);
    await stage.sync();
    await stage.sync();
    const links = stage.simulator.requests.matching({ system: 'graph' }).length;
    expect(links).toBeGreaterThan(0);
    await stage.reopen();
    expect((await stage.sync()).events).toEqual({});
  });
});
