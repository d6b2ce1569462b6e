import { expect, it } from 'vitest';
import { news, none } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const graph = { ...calm, pageSize: { min: 1, max: 1 }, sliceSize: { min: 2, max: 2 } };

const deltaReads = (stage: Stage, source: 'users' | 'groups') =>
  stage.simulator.requests
    .matching({ system: 'graph', path: new RegExp(`/${source}/.*delta`) })
    .map(({ query }) => Object.fromEntries(Object.entries(query).map(([name, value]) => [name.toLowerCase(), value])));

/** No request ever carries both tokens: that would be an endless series of full reads. */
const expectOneTokenEach = (stage: Stage): void => {
  for (const source of ['users', 'groups'] as const)
    for (const query of deltaReads(stage, source)) expect('$skiptoken' in query && '$deltatoken' in query).toBe(false);
};

const openBroken = async (path: RegExp) => {
  const stage = await openStage({ graph, patienceMs: 250 });
  const crew = stage.crew(30);
  await stage.sync();
  stage.newWrites();
  for (const id of crew.slice(0, 3)) stage.leave(id);
  for (const id of crew.slice(10, 20)) stage.directory.updateUser(id, { jobTitle: 'Writer' });
  const fresh = stage.crew(9);
  const reset = stage.simulator.faults.add({ system: 'graph', path, from: 4, action: 'reset' });
  stage.simulator.requests.reset();
  const broken = await stage.sync();
  expect(reset.hits()).toBeGreaterThan(0);
  expect(broken).toMatchObject({ ok: false, exitCode: 1, commands: none, error: { code: 'graph-unreachable' } });
  expect(broken.events).toMatchObject({ SyncAborted: 1 });
  expect(broken.events).not.toHaveProperty('UserLeftGroup');
  expect(broken.events['DeltaCursorMoved']).toBeGreaterThanOrEqual(3);
  expect(stage.newWrites()).toEqual([]);
  reset.remove();
  return { stage, crew, fresh };
};

const expectWhole = async ({ stage, crew, fresh }: Awaited<ReturnType<typeof openBroken>>): Promise<void> => {
  expect(stage.learnAmp.deactivations()).toHaveLength(3);
  for (const id of crew.slice(0, 3)) expect(stage.account(id).status).toBe('deactivated');
  for (const id of crew.slice(10, 20)) expect(stage.account(id).jobTitle).toBe('Writer');
  for (const id of fresh) expect(stage.account(id).status).toBe('not_invited');
  expect((await stage.sync()).events).toEqual({});
  expectOneTokenEach(stage);
};

it.each(['groups', 'users'] as const)(
  'FC-22 a round of %s that broke off goes on at the page it stopped at, in a new process too',
  async (source) => {
    const broken = await openBroken(new RegExp(`/${source}/.*delta`));
    const { stage } = broken;
    await stage.reopen();
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 36, linked: 36 } });
    expect(Object.keys(deltaReads(stage, source)[0] ?? {})).toEqual(['$skiptoken']);
    await expectWhole(broken);
  },
);

it.each(['groups', 'users'] as const)(
  'FC-22 a page of %s that has expired meanwhile is given up for the last delta link',
  async (source) => {
    const broken = await openBroken(new RegExp(`/${source}/.*delta`));
    const { stage } = broken;
    stage.simulator.expirePageTokens();
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 36, linked: 36 } });
    expect(
      deltaReads(stage, source)
        .slice(0, 2)
        .map((query) => Object.keys(query)),
    ).toEqual([['$skiptoken'], ['$deltatoken']]);
    expect(report.events).not.toHaveProperty('ResyncRequired');
    await expectWhole(broken);
  },
);

it('FC-22 a first read that breaks off is finished later and creates each account once', async () => {
  const stage = await openStage({ graph, patienceMs: 250 });
  const crew = stage.crew(12);
  let broken = 0;
  for (const nth of [2, 3, 4]) {
    const reset = stage.simulator.faults.add({ system: 'graph', path: /delta|batch/, from: nth, action: 'reset' });
    const report = await stage.sync();
    expect(report.exitCode).toBe(1);
    expect(stage.newWrites()).toEqual([]);
    broken += reset.hits();
    reset.remove();
    await stage.reopen();
  }
  expect(broken).toBeGreaterThan(2);
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 12, linked: 12 } });
  expect(stage.learnAmp.accounts()).toHaveLength(14);
  for (const id of crew) expect(stage.account(id).status).toBe('not_invited');
  expectOneTokenEach(stage);
});

it.each([
  ['truncated JSON', { action: 'truncate' as const, code: 'graph-unreachable' }],
  [
    'half a body with a whole head',
    { action: { rewrite: () => ({ status: 200, headers: {}, body: '{"value":[' }) }, code: 'graph-unreachable' },
  ],
])(
  'FC-22 %s at a page of each source is no page: nothing of it is believed, and the next sync goes on',
  async (_, { action, code }) => {
    for (const source of ['groups', 'users']) {
      const stage = await openStage({ graph, patienceMs: 250, storage: 'memory' });
      const crew = stage.crew(10);
      await stage.sync();
      for (const id of crew.slice(0, 6)) stage.directory.updateUser(id, { jobTitle: 'Writer' });
      for (const id of crew.slice(0, 2)) stage.leave(id);
      stage.crew(5);
      const cut = stage.simulator.faults.add({
        system: 'graph',
        path: new RegExp(`/${source}/.*delta`),
        from: 3,
        action,
      });
      const broken = await stage.sync();
      expect(cut.hits()).toBeGreaterThan(0);
      expect(broken).toMatchObject({ ok: false, exitCode: 1, commands: none, error: { code } });
      expect(broken.events).not.toHaveProperty('UserLeftGroup');
      cut.remove();
      expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 13, linked: 13 } });
      expect(stage.learnAmp.deactivations()).toHaveLength(2);
    }
  },
);

it.each([
  ['groups', 'Directory_ExpiredPageToken'],
  ['users', 'Directory_ExpiredPageToken'],
  ['groups', 'InvalidSkipToken'],
  ['users', 'BadRequest'],
])('FC-22 a round of %s whose page tokens are refused again and again (%s) ends, and is told', async (source, code) => {
  const warned: unknown[] = [];
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, error: silent, warn: (fields: unknown) => void warned.push(fields) };
  const stage = await openStage({ graph, logger, storage: 'memory' });
  const crew = stage.crew(10);
  await stage.sync();
  stage.newWrites();
  for (const id of crew.slice(0, 6)) stage.directory.updateUser(id, { jobTitle: 'Writer' });
  stage.crew(5);
  for (const id of crew.slice(0, 1)) stage.leave(id);
  const refused = stage.simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/${source}/.*delta`),
    match: ({ query }) => [...query.keys()].some((name) => /skiptoken/i.test(name)),
    action: { status: 400, body: { error: { code, message: 'invalid skip token' } } },
  });
  const report = await stage.sync({ full: true });
  expect(report).toMatchObject({ ok: false, exitCode: 1, commands: none, error: { code: 'graph-protocol' } });
  expect(report.events).not.toHaveProperty('UserLeftGroup');
  expect(refused.hits()).toBeGreaterThanOrEqual(3);
  expect(refused.hits()).toBeLessThanOrEqual(6);
  expect(warned).toContainEqual(expect.objectContaining({ restarts: 2 }));
  const told = expect.objectContaining({ source, since: expect.any(String) as unknown }) as unknown;
  expect(report.restartedRounds).toEqual([told]);
  expect((await stage.engine().status()).restartedRounds).toEqual([told]);
  refused.remove();
  const whole = await stage.sync({ full: true });
  expect(whole).toMatchObject({ exitCode: 0, people: { inScope: 14, linked: 14 } });
  expect(whole).not.toHaveProperty('restartedRounds');
  expect(await stage.engine().status()).not.toHaveProperty('restartedRounds');
});

it.each(['groups', 'users'] as const)(
  'FC-22 a full round of %s that breaks off in one process after the other is told of when it is begun for the third time',
  async (source) => {
    const stage = await openStage({ graph, patienceMs: 250 });
    const crew = stage.crew(12);
    await stage.sync();
    stage.leave(crew[0] ?? '');
    const reset = (from: number) =>
      stage.simulator.faults.add({ system: 'graph', path: new RegExp(`/${source}/.*delta`), from, action: 'reset' });
    for (const nth of [1, 2, 3, 4]) {
      // Behind what is still read by the old links, and behind the first page of the new ones.
      const fault = reset(source === 'groups' ? 2 : 5);
      const report = await stage.sync({ full: true });
      fault.remove();
      expect(fault.hits()).toBeGreaterThan(0);
      expect(report).toMatchObject({ exitCode: 1, commands: none });
      const { restartedRounds } = await stage.engine().status();
      expect(restartedRounds?.map(({ starts }) => starts)).toEqual(nth < 3 ? undefined : [nth]);
      expect(report.restartedRounds).toEqual(restartedRounds);
      await stage.reopen();
    }
    expect((await stage.sync({ full: true })).exitCode).toBe(0);
    expect(await stage.engine().status()).not.toHaveProperty('restartedRounds');
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  },
);

it('FC-22 a Graph that does not answer at all begins no round, and one that goes on at its page begins none either', async () => {
  const stage = await openStage({ graph, patienceMs: 100 });
  const crew = stage.crew(12);
  await stage.sync();
  for (const from of [1, 1, 1, 1]) {
    const fault = stage.simulator.faults.add({ system: 'graph', path: /delta/, from, action: 'reset' });
    expect((await stage.sync()).exitCode).toBe(1);
    fault.remove();
  }
  for (const id of crew) stage.directory.updateUser(id, { jobTitle: 'Writer' });
  for (let nth = 0; nth < 4; nth += 1) {
    const fault = stage.simulator.faults.add({ system: 'graph', path: /users\/.*delta/, from: 3, action: 'reset' });
    expect(await stage.sync()).toMatchObject({ exitCode: 1, events: { JobTitleChanged: 2 } });
    fault.remove();
  }
  expect(await stage.engine().status()).not.toHaveProperty('restartedRounds');
  expect(await stage.sync()).toMatchObject({ exitCode: 0, events: { JobTitleChanged: 4 } });
});

it.each([false, true])(
  'FC-22 an access token that dies before each request is renewed, page after page, and nothing is read twice or left out (full: %s)',
  async (full) => {
    const stage = await openStage({ graph, storage: 'memory' });
    const crew = stage.crew(8);
    await stage.sync();
    for (const id of crew.slice(0, 3)) stage.directory.updateUser(id, { jobTitle: 'Writer' });
    stage.leave(crew[7] ?? '');
    const fresh = stage.hire('Neva New');
    const { simulator } = stage;
    const asked = new Set<string>();
    simulator.faults.add({
      system: 'graph',
      // Each question meets a token that is just over; asked again with a new one it is answered.
      match: ({ path, query, inBatch }) => {
        const question = `${path}?${query.toString()}`;
        if (!inBatch && !/oauth2/.test(path) && !asked.has(question)) simulator.advanceClock(3_600_000);
        asked.add(question);
        return false;
      },
      action: 'reset',
    });
    simulator.requests.reset();
    const report = await stage.sync({ full });
    const refused = simulator.requests.matching({ system: 'graph' }).filter(({ status }) => status === 401);
    expect(refused.length).toBeGreaterThan(5);
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 8, linked: 8 } });
    expect(news(report)).toMatchObject({ JobTitleChanged: 3, UserLeftGroup: 1, UserJoinedGroup: 1 });
    expect(report.events).not.toHaveProperty('ResyncRequired');
    expect(stage.account(fresh).status).toBe('not_invited');
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  },
);
