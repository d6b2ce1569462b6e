import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { attentionOf, none } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

/** A person reads this: one sentence or two, no stack, no secret, no address of a person. */
const expectReadable = (stage: Stage, message: string | undefined): void => {
  expect(message).toMatch(/^[A-Z].{20,400}[.:]?/s);
  expect(message).not.toMatch(/\n|at .*:\d+:\d+|undefined|\[object/);
  // Whole sentences: each with one full stop.
  expect(message).not.toMatch(/\.\.|[a-z)] (Check|Nothing|What|Give) /);
  expect(message).not.toContain(stage.simulator.clientSecret);
  expect(message).not.toContain(stage.simulator.learnAmpClientSecret);
  expect(message).not.toContain('@');
};

/** The failure is told, nobody was changed by it, and the next run goes on. */
const expectFailedThenFine = async (stage: Stage, code: string, people: number, repair: () => Promise<unknown>) => {
  stage.newWrites();
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code } });
  expectReadable(stage, report.error?.message);
  expect(stage.learnAmp.deactivations()).toEqual([]);
  await repair();
  expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { inScope: people, linked: people } });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
  return report;
};

/** A port on which nobody listens. */
const nowhere = 'http://127.0.0.1:9';

describe('Microsoft Graph', () => {
  it('that cannot be reached is said, in the first sync and in a later one', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 250, graphUrl: `${nowhere}/v1.0` });
    stage.crew(3);
    const report = await expectFailedThenFine(stage, 'graph-unreachable', 3, () =>
      stage.reopen({ graphUrl: stage.simulator.graphUrl }),
    );
    // A connection that never began records nothing.
    expect(report.events).toEqual({});
    const silent = stage.simulator.faults.add({ system: 'graph', action: 'reset' });
    stage.crew(1);
    await expectFailedThenFine(stage, 'graph-unreachable', 4, async () => silent.remove());
  });

  it('that never answers is given up after the patience', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 300 });
    stage.crew(2);
    const silent = stage.simulator.faults.add({ system: 'graph', action: 'hang' });
    await expectFailedThenFine(stage, 'graph-unreachable', 2, async () => silent.remove());
  });

  it('whose sign-in rejects the secret is said', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 500, graphSecret: 'not the secret' });
    stage.crew(2);
    const report = await expectFailedThenFine(stage, 'graph-credentials', 2, () =>
      stage.reopen({ graphSecret: stage.simulator.clientSecret }),
    );
    expect(report.error?.message).toMatch(/secret/i);
  });

  it('that rejects the secret after a good start records that once', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 500 });
    stage.crew(2);
    await stage.sync();
    await stage.reopen({ graphSecret: 'rotated away' });
    const first = await stage.sync();
    expect(first).toMatchObject({ exitCode: 1, error: { code: 'graph-credentials' } });
    expect(first.events).toMatchObject({ CredentialFailed: 1, SyncAborted: 1 });
    expect((await stage.sync()).events).toEqual({});
    await stage.reopen({ graphSecret: stage.simulator.clientSecret });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
  });

  it('that does not know the group is said, with the id', async () => {
    const groupId = '11111111-2222-4333-8444-555555555555';
    const stage = await openStage({ graph: calm, groupId });
    stage.crew(2);
    const first = await stage.sync();
    expect(first).toMatchObject({ ok: false, exitCode: 1, events: none, error: { code: 'group-not-found' } });
    expect(first.error?.message).toContain(groupId);
    expectReadable(stage, first.error?.message);
    // Nothing was recorded of the wrong group: the right one simply begins.
    await stage.reopen({ groupId: stage.directory.scopeGroupId });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
  });

  it('that asks for more patience than there is, is told until when', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 2_000 });
    stage.crew(2);
    await stage.sync();
    stage.crew(1);
    const throttled = stage.simulator.faults.add({
      system: 'graph',
      action: { status: 429, body: { error: { code: 'TooManyRequests' } }, headers: { 'retry-after': '600' } },
    });
    const report = await expectFailedThenFine(stage, 'throttled', 3, async () => {
      throttled.remove();
      // The same process keeps its word and does not ask again before that.
      stage.simulator.requests.reset();
      expect(await stage.sync()).toMatchObject({ exitCode: 1, error: { code: 'throttled' } });
      expect(stage.simulator.requests.counts().graph).toBe(0);
      await stage.reopen();
    });
    expect(report.error?.message).toMatch(/until 2\d{3}-\d{2}-\d{2}T/);
    expect(throttled.hits()).toBe(1);
  });

  it('that is busy for a moment is waited for', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 10_000 });
    stage.crew(2);
    const busy = [
      { status: 503, body: {} },
      { status: 429, body: {}, headers: { 'retry-after': '1' } },
      'reset',
      'truncate',
    ] as const satisfies ReadonlyArray<FaultAction>;
    const faults = busy.map((action, index) =>
      stage.simulator.faults.add({ system: 'graph', nth: 2 + 2 * index, action }),
    );
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 2 } });
    expect(faults.filter((fault) => fault.hits() > 0).length).toBeGreaterThan(2);
  });
});

describe('Learn Amp', () => {
  it('that cannot be reached is said; what was recorded is delivered by the next run', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 250, learnAmpUrl: nowhere });
    stage.crew(3);
    const report = await expectFailedThenFine(stage, 'learn-amp-unreachable', 3, () =>
      stage.reopen({ learnAmpUrl: stage.simulator.learnAmpUrl }),
    );
    expect(report.events).toMatchObject({ UserJoinedGroup: 3 });
    const silent = stage.simulator.faults.add({ system: 'learnAmp', action: 'reset' });
    stage.crew(1);
    await expectFailedThenFine(stage, 'learn-amp-unreachable', 4, async () => silent.remove());
    expect(stage.learnAmp.accounts()).toHaveLength(6);
  });

  it('that rejects the secret is said', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 500, learnAmpSecret: 'not the secret' });
    stage.crew(2);
    const report = await expectFailedThenFine(stage, 'learn-amp-credentials', 2, () =>
      stage.reopen({ learnAmpSecret: stage.simulator.learnAmpClientSecret }),
    );
    expect(report.events).toMatchObject({ CredentialFailed: 1 });
  });

  it('that lacks a scope is said', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 500, learnAmp: { scopes: ['users:read', 'teams:read'] } });
    stage.crew(2);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'learn-amp-credentials' } });
    expectReadable(stage, report.error?.message);
  });

  it('that asks for more patience than there is, is told until when', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 2_000 });
    stage.crew(2);
    await stage.sync();
    stage.crew(1);
    const throttled = stage.simulator.faults.add({
      system: 'learnAmp',
      action: { status: 429, body: { error: 'Too many requests' }, headers: { 'retry-after': '600' } },
    });
    const report = await expectFailedThenFine(stage, 'throttled', 3, async () => {
      throttled.remove();
      await stage.reopen();
    });
    expect(report.error?.message).toMatch(/until 2\d{3}-\d{2}-\d{2}T/);
  });

  it.each([
    [422, 'validation'],
    [404, 'protocol'],
  ])('that refuses one person of many (%i) delays none of the others, nor the one for ever', async (status, code) => {
    const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
    const crew = stage.crew(11, { department: 'Sales' });
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    const bad = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      match: ({ body }) => decodeURIComponent(body.toString()).includes('ann.lee@'),
      action: { status, body: { error: 'Something about this person' } },
    });
    const report = await stage.sync();
    expect(bad.hits()).toBe(1);
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 12, linked: 11, parked: 1 } });
    expect(attentionOf(report, ann)).toEqual([`rejected: CreateUser: ${code}`]);
    for (const id of crew) expect(stage.teamOf(id)).toBe('Sales');
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
    expect(bad.hits()).toBe(1);

    bad.remove();
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 12, parked: 0 } });
    expect(stage.learnAmp.invitations()).toHaveLength(12);
  });
});

describe('an answer of Learn Amp that is lost', () => {
  const lost = ['applyThenReset', 'truncate', 'applyThenHang'] as const;

  it.each(lost)('after a creation (%s) leaves one account and one invitation for each person', async (action) => {
    const stage = await openStage({ graph: calm, patienceMs: 2_000, preferences: { invitations: 'immediate' } });
    const crew = stage.crew(8, { department: 'Sales' });
    const fault = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      every: 3,
      times: 2,
      action,
    });
    for (let run = 0; run < 3; run += 1) await stage.sync();
    expect(fault.hits()).toBe(2);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none, people: { linked: 8 } });
    expect(stage.learnAmp.accounts()).toHaveLength(10);
    const invited = stage.learnAmp.invitations().map(({ email }) => email);
    expect(invited).toHaveLength(8);
    expect(new Set(invited).size).toBe(8);
    for (const id of crew) expect(stage.teamOf(id)).toBe('Sales');
  });

  it('after a creation without an external id leaves one account and one invitation too', async () => {
    const stage = await openStage({
      graph: calm,
      patienceMs: 2_000,
      preferences: { invitations: 'immediate', externalId: 'none', adoptByEmail: false },
    });
    stage.crew(6);
    const fault = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      every: 2,
      times: 2,
      action: 'applyThenReset',
    });
    for (let run = 0; run < 2; run += 1) await stage.sync();
    expect(fault.hits()).toBe(2);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none, people: { linked: 6 } });
    expect(stage.learnAmp.accounts()).toHaveLength(8);
    expect(stage.learnAmp.invitations()).toHaveLength(6);
  });

  it.each([
    ['by the external id', {}],
    [
      'by the address, where there is no external id and nobody may be adopted',
      { externalId: 'none', adoptByEmail: false },
    ],
    [
      'by the address, where the id is a custom field',
      { externalId: { customField: 'Entra id' }, adoptByEmail: false },
    ],
  ])('is looked up by the next process where this one stopped at it, %s', async (_how, preferences) => {
    const stage = await openStage({
      graph: calm,
      patienceMs: 250,
      preferences: { invitations: 'immediate', ...preferences },
      learnAmp: { customFields: [{ name: 'Entra id' }] },
    });
    stage.crew(6);
    const looksFrom = { system: 'learnAmp', method: 'GET', path: /by_integration|\/v1\/users$/ } as const;
    let looks: { readonly remove: () => void } | undefined;
    // The answer and every look after it are lost: the run goes on without knowing.
    const post = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      match: () => {
        looks ??= stage.simulator.faults.add({ ...looksFrom, action: 'reset' });
        return true;
      },
      nth: 2,
      action: 'applyThenReset',
    });
    const report = await stage.sync();
    // Everybody else has an account by then; of this one nobody knows.
    expect([post.hits(), report.exitCode]).toEqual([1, 4]);
    expect(report.people).toMatchObject({ inScope: 6, linked: 5 });
    looks?.remove();
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 6 } });
    expect(stage.learnAmp.accounts()).toHaveLength(8);
    expect(stage.learnAmp.invitations()).toHaveLength(6);
  });

  it('after an update, a deactivation or a new team is made good, and nothing is made twice', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 2_000 });
    const crew = stage.crew(10, { department: 'Sales' });
    await stage.sync();
    const [ann = '', ben = ''] = crew;
    stage.leave(ann);
    stage.directory.updateUser(ben, { department: 'Research', jobTitle: 'Writer' });
    const faults = [/\/deactivate$/, /\/v1\/users\/\d+$/, /\/v1\/teams$/].map((path) =>
      stage.simulator.faults.add({
        system: 'learnAmp',
        path,
        match: ({ method }) => method !== 'GET',
        nth: 1,
        action: 'applyThenReset',
      }),
    );
    for (let run = 0; run < 3; run += 1) await stage.sync();
    expect(faults.map((fault) => fault.hits())).toEqual([1, 1, 1]);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
    expect(stage.account(ann).status).toBe('deactivated');
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
    expect(stage.account(ben)).toMatchObject({ jobTitle: 'Writer', department: 'Research' });
    expect(stage.teamOf(ben)).toBe('Research');
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual(['Sales', 'Research']);
  });
});

describe('a sync that is told to stop', () => {
  it('ends as stopped, and the next one goes on', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(8);
    const stop = new AbortController();
    stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      match: () => {
        stop.abort();
        return false;
      },
      action: 'reset',
    });
    const report = await stage.sync({ signal: stop.signal });
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' } });
    stage.simulator.faults.clear();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 8 } });
    expect(stage.learnAmp.accounts()).toHaveLength(10);
  });

  it('says declined where the first sync was not wanted, sends nothing, and asks again', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(3);
    const asked: unknown[] = [];
    const confirm = (answer: boolean) => ({
      confirmFirstSync: (counts: unknown) => {
        asked.push(counts);
        return Promise.resolve(answer);
      },
    });
    expect(await stage.sync(confirm(false))).toMatchObject({ exitCode: 1, error: { code: 'declined' } });
    expect(stage.newWrites()).toEqual([]);
    expect(await stage.sync(confirm(true))).toMatchObject({ exitCode: 0, people: { linked: 3 } });
    expect(asked).toEqual([{ CreateUser: 3 }, { CreateUser: 3 }]);
    stage.crew(1);
    await stage.sync(confirm(false));
    expect(asked).toHaveLength(2);
  });
});
