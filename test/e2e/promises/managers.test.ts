import { describe, expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { openStage, type StageOptions } from '../../support/stage.js';

const openPair = async (options: StageOptions = {}) => {
  const stage = await openStage(options);
  const boss = stage.hire('Bea Boss');
  const ann = stage.hire('Ann Lee');
  stage.directory.setManager(ann, boss);
  stage.crew(6);
  await stage.sync();
  stage.newWrites();
  return { stage, boss, ann };
};

describe('the manager becomes the override manager', () => {
  it('is set in the first sync, in a second pass: whoever is created first', async () => {
    const { stage, boss, ann } = await openPair();
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.account(boss).managerId).toBeNull();
  });

  it('follows a change, and an edge between people who were there before', async () => {
    const { stage, boss, ann } = await openPair();
    const cleo = stage.hire('Cleo Day');
    stage.directory.setManager(ann, cleo);
    stage.directory.setManager(boss, cleo);
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ ManagerAssigned: 2 });
    expect(succeeded(report)).toEqual({ CreateUser: 1, SetOverrideManager: 2 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(cleo).id);
    expect(stage.managerOf(boss)?.id).toBe(stage.account(cleo).id);
    expect((await stage.sync()).events).toEqual({});
  });

  it('is cleared when it was removed', async () => {
    const { stage, ann } = await openPair();
    stage.directory.clearManager(ann);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ ManagerUnassigned: 1, CommandSucceeded: 1 });
    expect(succeeded(report)).toEqual({ ClearOverrideManager: 1 });
    expect(stage.managerOf(ann)).toBeUndefined();
  });

  it('stays when it was removed, where the company keeps blanks', async () => {
    const { stage, boss, ann } = await openPair({ preferences: { blanks: 'keep' } });
    stage.directory.clearManager(ann);
    expect(facts(await stage.sync())).toEqual({ ManagerUnassigned: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.newWrites()).toEqual([]);
  });

  it('is not set by hand to nobody: an override that we never set is not ours to clear', async () => {
    const stage = await openStage();
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    const owner = stage.learnAmp.owner();
    stage.learnAmp.updateAccount(stage.account(ann).id, { managerId: owner.id });
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    await stage.sync();
    await stage.sync({ full: true });
    expect(stage.managerOf(ann)?.id).toBe(owner.id);
  });

  it('leaves team managers alone', async () => {
    const stage = await openStage();
    const boss = stage.hire('Bea Boss', { department: 'Sales' });
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    stage.directory.setManager(ann, boss);
    const team = stage.learnAmp.addTeam({ name: 'Sales', managerId: stage.learnAmp.owner().id });
    await stage.sync();
    expect(stage.teamOf(ann)).toBe('Sales');
    expect(stage.learnAmp.team(team.id)).toEqual(team);
    expect(stage.simulator.requests.count({ method: 'PUT', path: /teams/ })).toBe(0);
  });
});

describe('a manager who has no account yet', () => {
  it('outside the scope is deferred and counted, never created, and set once in scope', async () => {
    const stage = await openStage();
    const boss = stage.directory.addUser({ displayName: 'Bea Boss', userPrincipalName: 'bea.boss@fabrikam.example' });
    const ann = stage.hire('Ann Lee');
    stage.directory.setManager(ann, boss);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(report.commands.SetOverrideManager).toMatchObject({ planned: 1, deferred: 1, succeeded: 0 });
    expect(facts(report)).toMatchObject({ CommandDeferred: 1 });
    expect(stage.learnAmp.accountByEmail('bea.boss@fabrikam.example')).toBeUndefined();
    expect(stage.managerOf(ann)).toBeUndefined();
    expect((await stage.sync()).events).toEqual({});

    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1, SetOverrideManager: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });

  it('since their own account could not be made is deferred, and set once it could', async () => {
    const stage = await openStage();
    const boss = stage.hire('Bea Boss', { userType: 'Guest', mail: null });
    const ann = stage.hire('Ann Lee');
    stage.directory.setManager(ann, boss);
    const report = await stage.sync();
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: 1, succeeded: 0 });
    expect(stage.account(ann).managerId).toBeNull();
    stage.directory.updateUser(boss, { mail: 'bea@partner.example' });
    await stage.sync();
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });

  it('left the scope: the override that we set is no longer true and is cleared', async () => {
    const { stage, boss, ann } = await openPair();
    stage.leave(boss);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ ClearOverrideManager: 1, DeactivateUser: 1 });
    expect(stage.account(ann).managerId).toBeNull();
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: 1 });
    expect((await stage.sync()).events).toEqual({});

    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    await stage.sync();
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });

  it('was never in scope: an override set by hand stays', async () => {
    const { stage, ann } = await openPair();
    const outside = stage.directory.addUser({ displayName: 'Out Side', userPrincipalName: 'out@fabrikam.example' });
    const owner = stage.learnAmp.owner();
    stage.directory.clearManager(ann);
    await stage.sync();
    stage.learnAmp.updateAccount(stage.account(ann).id, { managerId: owner.id });
    stage.directory.setManager(ann, outside);
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    await stage.sync();
    expect(stage.managerOf(ann)?.id).toBe(owner.id);
  });

  it('is the person: never set, and an override that we set is cleared', async () => {
    const { stage, ann } = await openPair();
    stage.directory.setManager(ann, ann);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ ClearOverrideManager: 1 });
    expect(stage.account(ann).managerId).toBeNull();
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('a manager whose account was deleted in Entra', () => {
  it('is unknown: the override is kept as it stands', async () => {
    const { stage, boss, ann } = await openPair();
    const bossAccount = stage.account(boss).id;
    stage.directory.deleteUser(boss);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(report.commands.ClearOverrideManager).toBeUndefined();
    expect(report.commands.SetOverrideManager).toMatchObject({ planned: 1, deferred: 1, succeeded: 0 });
    // Learn Amp itself moves the reports of a deactivated manager to the account's owner.
    expect([bossAccount, stage.learnAmp.owner().id]).toContain(stage.account(ann).managerId);
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('two people who manage each other', () => {
  it('do so at Learn Amp too', async () => {
    const stage = await openStage();
    const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
    stage.directory.setManager(ann, ben);
    stage.directory.setManager(ben, ann);
    expect((await stage.sync()).exitCode).toBe(0);
    expect(stage.managerOf(ann)?.id).toBe(stage.account(ben).id);
    expect(stage.managerOf(ben)?.id).toBe(stage.account(ann).id);
  });
});

describe('assigning override managers', () => {
  it('can be switched off: none is set, none is cleared, and the directory is still followed', async () => {
    const { stage, boss, ann } = await openPair();
    await stage.reopen({ preferences: { assignOverrideManagers: false } });
    const cleo = stage.hire('Cleo Day');
    stage.directory.setManager(ann, cleo);
    stage.directory.setManager(cleo, boss);
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ ManagerAssigned: 1 });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.account(cleo).managerId).toBeNull();

    stage.directory.clearManager(ann);
    expect(succeeded(await stage.sync())).toEqual({});
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });

  it('switched on later sets all of them, without reading the directory again', async () => {
    const { stage, boss, ann } = await openPair({ preferences: { assignOverrideManagers: false } });
    expect(stage.account(ann).managerId).toBeNull();
    await stage.reopen({ preferences: { assignOverrideManagers: true } });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ SetOverrideManager: 1 });
    expect(facts(report)).toEqual({ CommandSucceeded: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });
});
