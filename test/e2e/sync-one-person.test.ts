import type { PersonSync } from '@learnamp/directory-sync';
import { describe, expect, it } from 'vitest';
import { facts, none, succeeded } from '../support/report.js';
import { idOf } from '../support/simulator-settings.js';
import { calm, openStage, personNamed, type Stage, type StageOptions } from '../support/stage.js';

const open = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const ann = stage.hire('Ann Lee', { department: 'Sales', jobTitle: 'Clerk' });
  const ben = stage.hire('Ben Poe', { department: 'Sales', jobTitle: 'Clerk' });
  await stage.sync();
  stage.newWrites();
  stage.simulator.requests.reset();
  return { stage, ann, ben };
};

const syncUser = (stage: Stage, userId: string): Promise<PersonSync> =>
  stage.engine().syncUser(idOf(userId), { by: { actor: 'Olga' } });

/** What the log says of the place of each source. */
const cursors = async (stage: Stage): Promise<number> =>
  (await stage.events('DeltaCursorMoved', 'DeltaCursorDropped', 'ResyncRequired')).length;

const requestsOf = (stage: Stage): ReadonlyArray<string> =>
  stage.simulator.requests
    .all()
    .flatMap(({ path, query, items }) => [path + JSON.stringify(query), ...items.map((item) => JSON.stringify(item))]);

const stepsOf = ({ steps }: PersonSync): ReadonlyArray<string> =>
  steps.map(({ step, outcome }) => `${step} ${outcome}`);

describe('a sync of one person', () => {
  it('brings what a cycle has not brought yet, and tells how: asked, recorded, sent with before, after and receipt', async () => {
    const { stage, ann } = await open();
    stage.directory.updateUser(ann, { jobTitle: 'Editor', department: 'Press' });
    const places = await cursors(stage);
    const synced = await syncUser(stage, ann);
    expect(synced).toMatchObject({ outcome: 'synced', report: { ok: true, exitCode: 0, trigger: 'manual' } });
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Editor' });
    expect(stage.teamOf(ann)).toBe('Press');
    expect(stepsOf(synced)).toEqual(['scope-group yes', 'membership yes', 'user yes', 'account yes']);
    for (const step of synced.steps.slice(0, 3)) expect(step.requestId, step.step).toMatch(/^[\w-]{10,}$/);
    const said = synced.events.map(({ type }) => type);
    expect(said).toEqual(expect.arrayContaining(['SyncRequested', 'JobTitleChanged', 'DepartmentChanged']));
    const profile = synced.commands.find(({ kind }) => kind === 'UpdateProfile');
    expect(profile).toMatchObject({
      before: { jobTitle: 'Clerk' },
      after: { jobTitle: 'Editor' },
      receipt: { outcome: 'succeeded' },
    });
    expect(profile?.reason).toContain('Clerk -> Editor');
    expect(succeeded(synced.report)).toEqual({ EnsureTeam: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
    expect(await cursors(stage)).toBe(places);
    // The next cycle meets the same news at its own place, and has nothing to say or to send.
    stage.newWrites();
    const next = await stage.sync();
    expect(facts(next)).toEqual({});
    expect(next.commands).toEqual(none);
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  });

  it('gives somebody new an account at once, and the next cycle gives no second one', async () => {
    const { stage } = await open();
    const cleo = stage.hire('Cleo Ray', { department: 'Sales' });
    const synced = await syncUser(stage, cleo);
    expect(synced).toMatchObject({ outcome: 'synced', report: { exitCode: 0 } });
    expect(succeeded(synced.report)).toEqual({ CreateUser: 1, SetPrimaryTeam: 1 });
    expect(stage.account(cleo)).toMatchObject({ firstName: 'Cleo' });
    expect(facts(synced.report)).toMatchObject({ GroupMemberAdded: 1, UserJoinedGroup: 1 });
    stage.newWrites();
    const next = await stage.sync();
    expect(facts(next)).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  });

  it('finds a new member of a nested group, and leaves one of a group that was not read yet to the next cycle', async () => {
    const stage = await openStage({ graph: calm });
    const nested = stage.directory.addGroup({ displayName: 'Nested' });
    stage.directory.addMember(stage.directory.scopeGroupId, nested);
    stage.hire('Ann Lee');
    await stage.sync();
    const cleo = stage.hire('Cleo Ray', {}, nested);
    expect(await syncUser(stage, cleo)).toMatchObject({ outcome: 'synced' });
    expect(stage.account(cleo)).toMatchObject({ firstName: 'Cleo' });
    const later = stage.directory.addGroup({ displayName: 'Later' });
    stage.directory.addMember(nested, later);
    const dora = stage.hire('Dora May', {}, later);
    const synced = await syncUser(stage, dora);
    expect(synced).toMatchObject({ outcome: 'undecided', report: { ok: true, events: none } });
    expect(synced.conclusion).toMatch(/a group that was not read yet: the next sync follows it/);
    await stage.sync();
    expect(stage.account(dora)).toMatchObject({ firstName: 'Dora' });
    await stage.checkInvariants();
  });

  it('brings somebody back who left, with the account they had', async () => {
    const { stage, ann } = await open();
    const account = stage.account(ann).id;
    stage.leave(ann);
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ status: 'deactivated' });
    stage.directory.addMember(stage.directory.scopeGroupId, ann);
    const synced = await syncUser(stage, ann);
    expect(succeeded(synced.report)).toMatchObject({ ReactivateUser: 1 });
    expect(stage.account(ann)).toMatchObject({ id: account });
    expect(stage.account(ann).status).not.toBe('deactivated');
    stage.newWrites();
    expect(facts(await stage.sync())).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
    await stage.checkInvariants();
  });

  it('of a manager who is not there yet gives them the manager with the next cycle that has one', async () => {
    const { stage } = await open();
    const boss = stage.directory.addUser(personNamed('Bo Boss'));
    const cleo = stage.hire('Cleo Ray');
    stage.directory.setManager(cleo, boss);
    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    await syncUser(stage, cleo);
    expect(stage.managerOf(cleo)).toBeUndefined();
    expect(stage.accountOf(boss)).toBeUndefined();
    await stage.sync();
    expect(stage.managerOf(cleo)?.id).toBe(stage.account(boss).id);
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
    await stage.checkInvariants();
  });

  it('reads nobody else and sends nothing of theirs: they wait for the next cycle', async () => {
    const { stage, ann, ben } = await open();
    const dora = stage.hire('Dora May');
    stage.directory.updateUser(ann, { jobTitle: 'Editor' });
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    await syncUser(stage, ann);
    const asked = requestsOf(stage).join('\n');
    expect(asked).toContain(ann);
    for (const other of [ben, dora, stage.account(ben).id]) expect(asked).not.toContain(other);
    expect(asked).not.toContain('delta');
    expect(stage.account(ben)).toMatchObject({ jobTitle: 'Clerk' });
    expect(stage.accountOf(dora)).toBeUndefined();
    const next = await stage.sync();
    expect(facts(next)).toMatchObject({ UserJoinedGroup: 1, JobTitleChanged: 1 });
    expect(stage.account(ben)).toMatchObject({ jobTitle: 'Writer' });
    expect(stage.account(dora)).toMatchObject({ firstName: 'Dora' });
    await stage.checkInvariants();
  });

  it('of a crowd that is to be created nobody is let in by being named, and who is held stays held', async () => {
    const stage = await openStage({ graph: calm, preferences: { creationHold: { count: 3, share: 0 } } });
    stage.crew(2);
    await stage.sync();
    const [first = '', ...others] = stage.crew(6, { department: 'New' });
    // Recorded, and nothing decided of them: Learn Amp takes nobody's credentials for a while.
    const refused = stage.simulator.faults.add({ system: 'learnAmp', path: /v1/, action: { status: 401 } });
    expect(await stage.sync()).toMatchObject({ exitCode: 1, error: { code: 'learn-amp-credentials' } });
    expect((await stage.engine().held()).people).toEqual([]);
    refused.remove();
    const alone = await syncUser(stage, first);
    expect(alone.report).toMatchObject({ exitCode: 3, attention: [{ userId: first, kind: 'held' }] });
    expect(alone.conclusion).toMatch(/waits for approval/);
    expect(stage.accountOf(first)).toBeUndefined();
    expect((await stage.engine().held()).people.map(({ userId }) => userId)).toEqual([first]);
    await stage.sync();
    expect((await stage.engine().held()).people).toHaveLength(6);
    await syncUser(stage, others[0] ?? '');
    expect([first, ...others].flatMap((userId) => stage.accountOf(userId) ?? [])).toEqual([]);
    await stage.checkInvariants();
  });

  it('few enough go one by one, until they are as many as the hold lets go', async () => {
    const stage = await openStage({ graph: calm, preferences: { creationHold: { count: 3, share: 0 } } });
    stage.crew(2);
    await stage.sync();
    for (let n = 0; n < 5; n++) {
      const [someone = ''] = stage.crew(1);
      expect((await syncUser(stage, someone)).report.exitCode).toBe(n < 3 ? 0 : 3);
    }
    expect((await stage.engine().held()).people).toHaveLength(2);
  });

  it('what waits for somebody else in the log stays there as well', async () => {
    const { stage, ann, ben } = await open({ patienceMs: 500 });
    const refused = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      action: { status: 422, body: { errors: ['job title is not taken'] } },
    });
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    await stage.sync();
    expect(refused.hits()).toBeGreaterThan(0);
    refused.remove();
    stage.directory.updateUser(ann, { jobTitle: 'Editor' });
    const synced = await syncUser(stage, ann);
    expect(synced.report).toMatchObject({ exitCode: 0, attention: [] });
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Editor' });
    expect(stage.account(ben)).toMatchObject({ jobTitle: 'Clerk' });
  });

  it('puts right what was changed by hand at Learn Amp', async () => {
    const { stage, ann } = await open();
    stage.learnAmp.updateAccount(stage.account(ann).id, { jobTitle: 'Chief' });
    const synced = await syncUser(stage, ann);
    expect(facts(synced.report)).toMatchObject({ DriftDetected: 1 });
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Clerk' });
  });

  it('records nothing where nothing is to be done', async () => {
    const { stage, ann } = await open();
    const before = (await stage.engine().status()).head;
    const synced = await syncUser(stage, ann);
    expect(synced).toMatchObject({ outcome: 'synced', events: [], commands: [] });
    expect(synced.conclusion).toMatch(/as it should be/);
    expect((await stage.engine().status()).head).toEqual(before);
    expect(stage.newWrites()).toEqual([]);
  });
});

describe('whoever is not a member', () => {
  it('is outside of the group: nothing is recorded or sent, and the sentence says why', async () => {
    const { stage } = await open();
    const eve = stage.directory.addUser({ displayName: 'Eve Fox', userPrincipalName: 'eve.fox@fabrikam.example' });
    const before = (await stage.engine().status()).head;
    const synced = await syncUser(stage, eve);
    expect(synced).toMatchObject({ outcome: 'not-a-member', report: { ok: true, exitCode: 0, events: none } });
    expect(synced.conclusion).toBe(
      'The person is not a member of the scope group, nor of a group nested in it. Nothing was recorded and nothing was sent.',
    );
    expect((await stage.engine().status()).head).toEqual(before);
    expect(stage.simulator.requests.count({ system: 'learnAmp' })).toBe(0);
  });

  it.each(['removed', 'deleted'] as const)('a leaver (%s) is not deactivated from here', async (how) => {
    const { stage, ann } = await open();
    const before = (await stage.engine().status()).head;
    if (how === 'removed') stage.leave(ann);
    else stage.directory.deleteUser(ann);
    const synced = await syncUser(stage, ann);
    expect(synced).toMatchObject({ outcome: 'not-a-member', report: { ok: true, commands: none } });
    expect(synced.conclusion).toMatch(/under the hold/);
    expect((await stage.engine().status()).head).toEqual(before);
    expect(stage.newWrites()).toEqual([]);
    // The next cycle decides, by its two reads.
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    // And once decided, nothing of it is sent from here either.
    stage.newWrites();
    await syncUser(stage, ann);
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  });

  it('a leaver whose deactivation is held stays held', async () => {
    const { stage, ann, ben } = await open({ preferences: { deactivationHold: { smallShareFrom: 1 } } });
    stage.leave(ann);
    stage.leave(ben);
    await stage.sync();
    expect((await stage.engine().held()).people).toHaveLength(2);
    stage.newWrites();
    await syncUser(stage, ann);
    expect(stage.newWrites()).toEqual([]);
    expect((await stage.engine().held()).people).toHaveLength(2);
  });

  it('a blocked member whose account would be deactivated is told, and left to the next cycle', async () => {
    const { stage, ann } = await open({ preferences: { deactivateBlockedAccounts: true } });
    stage.directory.updateUser(ann, { accountEnabled: false });
    const synced = await syncUser(stage, ann);
    expect(synced.conclusion).toMatch(/never sent for one person alone; the next sync decides it under the hold/);
    expect(stage.newWrites()).toEqual([]);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
  });

  it('is nobody: neither side of anything is changed', async () => {
    const { stage } = await open();
    const synced = await syncUser(stage, '00000000-0000-4000-8000-000000000001');
    expect(synced).toMatchObject({ outcome: 'unknown-person', report: { events: none } });
    expect(stage.newWrites()).toEqual([]);
  });

  it.each([
    // The permission is everybody's, and is recorded; an outage is told to whoever asked.
    [403, 1],
    [503, 0],
  ])('an answer %s says nothing about the person', async (status, aborted) => {
    const { stage, ann } = await open();
    await stage.reopen({ patienceMs: 300 });
    stage.simulator.faults.add({ system: 'graph', path: /checkMember|\$batch/, action: { status } });
    const synced = await syncUser(stage, ann);
    expect(synced.outcome).toBe('undecided');
    expect(await stage.events('SyncAborted')).toHaveLength(aborted);
    expect(facts({ events: synced.report.events })).not.toHaveProperty('UserLeftGroup');
    expect(stage.newWrites()).toEqual([]);
  });
});

it('whoever gave up before it began changes nothing', async () => {
  const { stage, ann } = await open();
  stage.directory.updateUser(ann, { jobTitle: 'Editor' });
  const before = (await stage.engine().status()).head;
  const synced = await stage.engine().syncUser(idOf(ann), { signal: AbortSignal.abort() });
  expect(synced.report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' } });
  expect((await stage.engine().status()).head).toEqual(before);
  expect(stage.newWrites()).toEqual([]);
});

it('before everybody was read nobody is synced alone', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee');
  const synced = await syncUser(stage, ann);
  expect(synced.report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' } });
  expect(stage.accountOf(ann)).toBeUndefined();
});
