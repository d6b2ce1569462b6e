import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-12 a subgroup is detached: one removal of a group, and those who are nowhere else leave', async () => {
  const stage = await openStage({ graph: calm });
  const { directory } = stage;
  const { contractors } = stage.simulator.company.groups;
  directory.nestGroup(directory.scopeGroupId, contractors);
  stage.crew(14);
  const alone = stage.crew(4, {}, contractors);
  const elsewhere = stage.crew(2, {}, contractors);
  for (const id of elsewhere) directory.addMember(directory.scopeGroupId, id);
  await stage.sync();
  stage.newWrites();

  directory.detachGroup(directory.scopeGroupId, contractors);
  const detached = await stage.sync();
  expect(detached).toMatchObject({ exitCode: 0, people: { inScope: 16, linked: 16 } });
  expect(facts(detached)).toEqual({ GroupMemberRemoved: 1, UserLeftGroup: 4, LeaveConfirmed: 4, CommandSucceeded: 4 });
  expect(succeeded(detached)).toEqual({ DeactivateUser: 4 });
  const [removed] = await stage.events('GroupMemberRemoved');
  expect(removed?.data).toEqual({ groupId: directory.scopeGroupId, memberId: contractors, kind: 'group' });
  for (const id of alone) expect(stage.account(id).status).toBe('deactivated');
  for (const id of elsewhere) expect(stage.account(id).status).toBe('not_invited');

  // Attached again: its members are known, only the profiles of those who return are read.
  stage.simulator.requests.reset();
  directory.nestGroup(directory.scopeGroupId, contractors);
  const attached = await stage.sync();
  expect(facts(attached)).toMatchObject({ GroupMemberAdded: 1, UserJoinedGroup: 4 });
  expect(succeeded(attached)).toMatchObject({ ReactivateUser: 4 });
  const reads = stage.simulator.requests.matching({ system: 'graph', method: 'GET' });
  for (const { path, query } of reads) {
    expect(path).toMatch(/delta/i);
    expect(Object.keys(query).map((name) => name.toLowerCase())).toEqual(['$deltatoken']);
  }
  for (const id of alone) expect(stage.account(id).status).not.toBe('deactivated');
});

it('FC-12 a detached subgroup that is too large for the rule is held as a whole', async () => {
  const stage = await openStage({ graph: calm });
  const { directory } = stage;
  const { contractors } = stage.simulator.company.groups;
  directory.nestGroup(directory.scopeGroupId, contractors);
  const crew = stage.crew(10);
  const temps = stage.crew(6, {}, contractors);
  await stage.sync();
  directory.detachGroup(directory.scopeGroupId, contractors);
  directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 10, held: 6 } });
  expect(facts(report)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 6, LeaveConfirmed: 6, CommandsHeld: 1 });
  expect(report.commands.DeactivateUser).toMatchObject({ planned: 6, held: 6, succeeded: 0 });
  expect(report.attention.map(({ userId, kind }) => [userId, kind])).toEqual(
    temps.toSorted().map((id) => [id, 'held']),
  );
  expect(stage.account(crew[0] ?? '').jobTitle).toBe('Writer');
  expect(stage.learnAmp.deactivations()).toEqual([]);
});

it('FC-12 a kept copy that no cursor follows any more is read again when the subgroup is attached', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const { directory } = stage;
  const { contractors } = stage.simulator.company.groups;
  directory.nestGroup(directory.scopeGroupId, contractors);
  stage.crew(14);
  const [gone = '', kept = ''] = stage.crew(2, {}, contractors);
  await stage.sync();
  directory.detachGroup(directory.scopeGroupId, contractors);
  await stage.sync();
  // The full cycle reads what is in scope, and lets the cursor of the detached group go.
  await stage.sync({ full: true });
  directory.removeMember(contractors, gone);
  const fresh = stage.hire('Neva New', {}, contractors);
  await stage.sync();
  directory.nestGroup(directory.scopeGroupId, contractors);
  const attached = await stage.sync();
  expect(attached).toMatchObject({ exitCode: 0, people: { inScope: 16, linked: 16 } });
  expect(facts(attached)).toMatchObject({ GroupMemberAdded: 2, GroupMemberRemoved: 1, UserJoinedGroup: 2 });
  expect(stage.account(gone).status).toBe('deactivated');
  for (const id of [kept, fresh]) expect(stage.account(id).status).not.toBe('deactivated');
  expect((await stage.sync()).events).toEqual({});
});
