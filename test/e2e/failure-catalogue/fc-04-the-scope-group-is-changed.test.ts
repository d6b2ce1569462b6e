import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const isActive = (stage: Stage, userId: string): boolean => stage.account(userId).status !== 'deactivated';

/** Thirty people in the group, two of them in another one, where one more is. */
const openChange = async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(30);
  const other = stage.directory.addGroup({ displayName: 'Learn Amp again' });
  const both = crew.slice(0, 2);
  for (const userId of both) stage.directory.addMember(other, userId);
  const fresh = stage.hire('Neva New', {}, other);
  await stage.sync();
  stage.newWrites();
  return { stage, crew, other, both, fresh };
};

describe('FC-04 the scope group is changed in the settings', () => {
  it('joins who is new, says nothing of who is in both, and holds every deactivation, also a single one, after a restart', async () => {
    const { stage, crew, other, both, fresh } = await openChange();
    for (const userId of crew.slice(2, 29)) stage.directory.addMember(other, userId);
    const [last = ''] = crew.slice(29);
    await stage.reopen({ groupId: other });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { inScope: 30, held: 1 } });
    expect(facts(report)).toMatchObject({
      ScopeGroupChanged: 1,
      UserJoinedGroup: 1,
      UserLeftGroup: 1,
      CommandsHeld: 1,
    });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(stage.account(fresh).status).toBe('not_invited');
    expect(both.every((userId) => isActive(stage, userId))).toBe(true);
    expect((await stage.engine().held()).people).toMatchObject([
      { userId: last, reason: 'scope-group-changed', evidence: { leave: { reason: 'scope-changed' } } },
    ]);

    await stage.reopen();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { held: 1 } });
    expect(isActive(stage, last)).toBe(true);
    await stage.engine().approveHeld(by('the other group it is'));
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    await stage.checkInvariants();
  });

  it('to a group that does not exist, or may not be read, changes nothing: the old scope stays in force', async () => {
    const { stage, crew, other } = await openChange();
    await stage.reopen({ groupId: '0b7e3d7c-9c0a-4a51-a9e3-0d8f0e6a1b2c' });
    const missing = await stage.sync();
    expect(missing).toMatchObject({ ok: false, exitCode: 1 });
    expect(stage.newWrites()).toEqual([]);
    const refused = stage.simulator.faults.add({
      system: 'graph',
      path: new RegExp(`/groups/${other}`),
      action: { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'no' } } },
    });
    await stage.reopen({ groupId: other });
    expect(await stage.sync()).toMatchObject({ ok: false, exitCode: 1 });
    expect(refused.hits()).toBeGreaterThan(0);
    expect(await stage.events('ScopeGroupChanged', 'UserLeftGroup')).toEqual([]);
    refused.remove();

    await stage.reopen({ groupId: stage.directory.scopeGroupId });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 30, held: 0 } });
    expect(crew.every((userId) => isActive(stage, userId))).toBe(true);
  });

  it('to one that fails half-way: the old one stays in force until the new one is read to its end', async () => {
    const { stage, crew, other } = await openChange();
    for (const userId of crew.slice(2, 20)) stage.directory.addMember(other, userId);
    const broken = stage.simulator.faults.add({
      system: 'graph',
      path: /\/groups\/.*delta/,
      from: 1,
      action: { status: 503 },
    });
    await stage.reopen({ groupId: other, patienceMs: 200 });
    expect(await stage.sync()).toMatchObject({ ok: false, exitCode: 1 });
    expect(broken.hits()).toBeGreaterThan(0);
    expect(await stage.events('ScopeGroupChanged', 'UserLeftGroup')).toEqual([]);
    expect((await stage.engine().status()).people.inScope).toBe(30);
    broken.remove();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 10 } });
    expect(facts(report)).toMatchObject({ ScopeGroupChanged: 1, UserLeftGroup: 10 });
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });

  it('to a group of devices: everybody is held, and putting the old one back lets them all go', async () => {
    const { stage, crew } = await openChange();
    const devices = stage.directory.addGroup({ displayName: 'Laptops' });
    for (let n = 0; n < 3; n += 1)
      stage.directory.addMember(devices, stage.directory.addThing('device', `Laptop ${n}`));
    await stage.reopen({ groupId: devices });
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { inScope: 0, held: 30 } });
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 30 } });
    await stage.reopen({ groupId: stage.directory.scopeGroupId });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 30, held: 0 } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    expect(crew.every((userId) => isActive(stage, userId))).toBe(true);
  });
});
