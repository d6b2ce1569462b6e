import { openLearnAmpRest, type DirectorySync, type SyncReport } from '@learnamp/directory-sync';
import { type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { type Connect, connect, sqliteFolder } from '../support/connect.js';
import { idOf, learnAmpSettingsOf } from '../support/simulator-settings.js';
import { expectReplayEqualsLive } from '../support/stage.js';

const preferences = { invitations: 'immediate' };
const company = { people: 14, outsiders: 4, existingAccounts: 2, guest: false, photos: 0 };

/** What two processes have: each its own engine, its own clients, and its own handles on the same three files. */
const openTwo = async (seed: number) => {
  const simulator = await startSimulator({ seed, company });
  const files = await sqliteFolder();
  const open = async (more: Omit<Connect, 'stores'> = {}): Promise<DirectorySync> => {
    const engine = connect(simulator, { stores: await files.open(), preferences, ...more });
    onTestFinished(() => engine.close());
    return engine;
  };
  onTestFinished(async () => {
    await simulator.close();
    await files.remove();
  });
  return { simulator, open };
};

const expectOneAccountEach = (simulator: Simulator): void => {
  const { accounts, accountByExternalId, invitations } = simulator.learnAmp;
  const people = simulator.company.people;
  const adopted = simulator.company.existing.length;
  expect(accounts()).toHaveLength(2 + people.length);
  const ids = people.map((userId) => accountByExternalId(userId)?.id);
  expect(new Set(ids).size).toBe(people.length);
  expect(ids).not.toContain(undefined);
  const invited = invitations().map(({ accountId }) => accountId);
  expect(new Set(invited).size).toBe(invited.length);
  expect(invited).toHaveLength(people.length - adopted);
};

const expectWholeLog = async (engine: DirectorySync): Promise<void> => {
  let next = 0n;
  let epoch = 0;
  for await (const { revision, type, data } of engine.events()) {
    expect(revision).toBe(String(next));
    next += 1n;
    if (type !== 'EngineStarted') continue;
    const started = data as { readonly epoch: number };
    expect(started.epoch).toBeGreaterThan(epoch);
    epoch = started.epoch;
  }
  expect(next).toBeGreaterThan(0n);
  await expectReplayEqualsLive(engine);
};

/** The loser says so in its own words, and nothing else went wrong. */
const expectFencedOrDone = (report: SyncReport): void => {
  if (report.ok) return;
  expect(report.exitCode).toBe(1);
  expect(report.error).toMatchObject({ code: 'fenced' });
  expect(report.error?.message).toMatch(/another engine/i);
};

it.each([1, 2, 3, 4])(
  'two engines that start at once on one file make one account and one invitation for each person (seed %i)',
  async (seed) => {
    const { simulator, open } = await openTwo(seed);
    // Every few answers come late, so that each seed weaves the two together differently.
    simulator.faults.add({ every: 2 + seed, action: { delayMs: 4 } });
    const [one, other] = await Promise.all([open(), open()]);
    const reports = await Promise.all([one.sync(), other.sync()]);
    for (const report of reports) expectFencedOrDone(report);
    expect(reports.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(1);
    expect(reports.filter(({ ok }) => !ok).length).toBeLessThanOrEqual(1);

    const third = await open();
    expect(await third.sync()).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 14, linked: 14 } });
    expectOneAccountEach(simulator);
    expect((await third.sync()).events).toEqual({});
    await expectWholeLog(third);
  },
);

it('an engine that slept while another took over sends nothing when it wakes, and says fenced', async () => {
  const { simulator, open } = await openTwo(7);
  const [sleeper, other] = await Promise.all([open(), open()]);
  let reportOfOther: SyncReport | undefined;
  const report = await sleeper.sync({
    // Everything is recorded and nothing dispatched: here the process stands still for as long as it takes.
    confirmFirstSync: async () => {
      reportOfOther = await other.sync();
      simulator.requests.reset();
      return true;
    },
  });
  expect(reportOfOther).toMatchObject({ ok: true, exitCode: 0, people: { linked: 14 } });
  expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'fenced' } });
  expect(simulator.requests.counts().learnAmp).toBe(0);
  expectOneAccountEach(simulator);
  await expectWholeLog(other);
});

it('an engine that slept in the middle of its deliveries is fenced before the next batch, and nothing is doubled', async () => {
  const { simulator, open } = await openTwo(8);
  const [sleeper, other] = await Promise.all([open(), open()]);
  let taken: Promise<SyncReport> | undefined;
  // With the first creation under way the other one starts, and meets commands that have no answer yet.
  simulator.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/v1\/users$/,
    match: () => {
      taken ??= other.sync();
      return false;
    },
    action: 'reset',
  });
  const report = await sleeper.sync();
  expectFencedOrDone(report);
  const second = await taken;
  if (second === undefined) throw new Error('the other engine never ran');
  expectFencedOrDone(second);

  const third = await open();
  expect(await third.sync()).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 14, linked: 14 } });
  expectOneAccountEach(simulator);
  await expectWholeLog(third);
});

it('what a look showed is not recorded where another engine has settled it while the look was under way', async () => {
  const { simulator, open } = await openTwo(9);
  const other = await open({ patienceMs: 300 });
  await other.sync();
  const [person = ''] = simulator.company.people;
  simulator.directory.updateUser(person, { jobTitle: 'Writer' });
  const lost = simulator.faults.add({ system: 'learnAmp', method: 'PUT', action: 'applyThenReset' });
  await other.sync();
  expect(lost.hits()).toBeGreaterThan(0);
  simulator.faults.clear();

  const rest = openLearnAmpRest(learnAmpSettingsOf(simulator, 'integrationExternalId', 20_000));
  let meanwhile: SyncReport | undefined;
  const findAccount: typeof rest.findAccount = (lookup, options) => async () => {
    const found = await rest.findAccount(lookup, options)();
    meanwhile ??= await other.sync();
    return found;
  };
  const slow = await open({ port: { ...rest, findAccount } });
  await slow.sync();
  expect(meanwhile).toMatchObject({ ok: true, events: { LearnAmpUserObserved: 1 } });
  const seen: string[] = [];
  for await (const { revision } of slow.events({ types: ['LearnAmpUserObserved'], userIds: [idOf(person)] }))
    seen.push(revision);
  expect(seen).toHaveLength(1);
  await expectWholeLog(other);
});
