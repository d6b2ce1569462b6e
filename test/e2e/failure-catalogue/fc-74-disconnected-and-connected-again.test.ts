import { describe, expect, it } from 'vitest';
import { connect, sqliteFolder } from '../../support/connect.js';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';
import { startSimulator } from '@learnamp/directory-sync-simulator';

const by = { actor: 'Eve Admin', reason: 'the trial is over' };

const actives = (stage: Stage, userIds: ReadonlyArray<string>): number =>
  userIds.filter((userId) => stage.account(userId).status !== 'deactivated').length;

describe('FC-74 a connection is ended by hand', () => {
  it('and nothing is read or sent from then on, by anybody: everybody keeps what they have', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(10);
    await stage.sync();
    stage.leave(crew[0] ?? '');
    stage.newWrites();
    expect(await stage.engine().disconnect(by)).toMatchObject({ subscriptions: { removed: 0, left: 0 } });
    stage.simulator.requests.reset();

    for (const full of [false, true]) {
      const report = await stage.sync({ full });
      expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' }, events: none });
      expect(report.error?.message).toContain('This connection was disconnected at ');
    }
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 1, events: none });
    // Nor is it shown what would be sent: nothing would.
    expect(await stage.engine().preview()).toMatchObject({ report: { exitCode: 1 }, commands: [] });
    expect(stage.simulator.requests.count({ system: 'graph' })).toBe(0);
    expect(stage.newWrites()).toEqual([]);
    expect(actives(stage, crew)).toBe(10);
    expect((await stage.engine().status()).disconnectedAt).toBeDefined();

    // A second time records nothing.
    await stage.engine().disconnect(by);
    expect(await stage.events('ConnectionDisconnected')).toMatchObject([{ data: by }]);
  });

  it('and connected again a month later: both sides are read anew, the links are the same, and only differences are sent', async () => {
    const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
    const crew = stage.crew(30);
    await stage.sync();
    await stage.engine().disconnect(by);
    const [ann = '', ben = '', cat = ''] = crew;
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    stage.leave(ben);
    stage.learnAmp.updateAccount(stage.account(cat).id, { status: 'deactivated' });
    const hire = stage.hire('Neva New');
    const before = stage.learnAmp.accounts().length;
    stage.newWrites();

    await stage.reopen();
    await stage.engine().resume({ actor: 'Eve Admin', reason: 'bought' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 0 });
    expect(succeeded(report)).toMatchObject({ CreateUser: 1, UpdateProfile: 1, ReactivateUser: 1, DeactivateUser: 1 });
    expect(facts(report)).toMatchObject({ UserJoinedGroup: 1, UserLeftGroup: 1, JobTitleChanged: 1 });
    expect(stage.account(hire).status).toBe('invite_pending');
    expect(stage.learnAmp.accounts()).toHaveLength(before + 1);
    expect(stage.learnAmp.invitations().length).toBe(31);
    // Read anew once, not with every sync from then on.
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('and connected again when most had left: they are held by the rule, as on any other day', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(30);
    await stage.sync();
    await stage.engine().disconnect(by);
    for (const userId of crew.slice(0, 25)) stage.leave(userId);
    await stage.engine().resume(by);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 25 } });
    expect(actives(stage, crew)).toBe(30);
  });
});

describe('FC-74 an old log under other settings', () => {
  it('of another tenant is refused, and nothing is read or sent', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(3);
    await stage.sync();
    stage.newWrites();
    await stage.reopen({ tenantId: '5f0c3c1e-0f5d-4c06-8a3b-9a3a8f3c2b11' });
    await expect(stage.engine().sync()).rejects.toMatchObject({
      code: 'wrong-tenant',
      message: expect.stringContaining('this log belongs to tenant') as unknown,
    });
    expect(stage.newWrites()).toEqual([]);
    await stage.reopen({ tenantId: stage.simulator.tenantId });
  });

  it('at another address of the same Learn Amp goes on with the same links', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(5);
    await stage.sync();
    const before = stage.learnAmp.accounts().length;
    stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    await stage.reopen({ learnAmpUrl: `${stage.simulator.learnAmpUrl}/` });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0 });
    expect(facts(report)).toMatchObject({ ConnectionSettingsChanged: 1, JobTitleChanged: 1 });
    expect(stage.learnAmp.accounts()).toHaveLength(before);
  });

  it("at another company's Learn Amp is refused before anything is sent, each time, until the address is put back", async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(5);
    await stage.sync();
    const other = await startSimulator({ seed: 1, company: { people: 8 } });
    for (let n = 0; n < 9; n += 1)
      other.learnAmp.addAccount({ email: `other${n}@tailspin.example`, firstName: 'Other', lastName: `Person${n}` });
    stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    await stage.reopen({ learnAmpUrl: other.learnAmpUrl });
    for (let round = 0; round < 2; round += 1) {
      const report = await stage.sync();
      expect(report).toMatchObject({ ok: false, exitCode: 1, events: none });
      expect(report.error?.message).toContain('learnAmp.baseUrl: the accounts at');
    }
    expect(other.learnAmp.writes()).toEqual([]);
    await stage.reopen({ learnAmpUrl: stage.simulator.learnAmpUrl });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: { JobTitleChanged: 1 } });
    await other.close();
  });
});

it('FC-74 two connections of one company over logs of their own stay apart when one is ended', async () => {
  const simulator = await startSimulator({ seed: 3, company: { people: 0, outsiders: 0, existingAccounts: 0 } });
  const folders = [await sqliteFolder(), await sqliteFolder()] as const;
  const one = connect(simulator, { stores: await folders[0].open() });
  const two = connect(simulator, { stores: await folders[1].open(), connectionId: 'other' });
  await one.disconnect(by);
  expect(await one.sync()).toMatchObject({ exitCode: 1 });
  expect(await two.sync()).toMatchObject({ exitCode: 0 });
  for (const engine of [one, two]) await engine.close();
  await simulator.close();
  for (const folder of folders) await folder.remove();
});
