import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Reason = 'changed' | 'deleted';
const reasons: ReadonlyArray<Reason> = ['changed', 'deleted'];

/** Twelve people directly in the group, three in one below it; then the group is deleted. */
const openDeleted = async (deletedGroupReason: Reason) => {
  const stage = await openStage({ graph: { ...calm, deletedGroupReason } });
  const { directory } = stage;
  const nested = directory.addGroup({ displayName: 'Nested' });
  directory.nestGroup(directory.scopeGroupId, nested);
  const crew = [...stage.crew(12), ...stage.crew(3, {}, nested)];
  await stage.sync();
  stage.newWrites();
  directory.deleteGroup(directory.scopeGroupId);
  return { stage, crew, nested };
};

const frozen = (stage: Stage) => stage.engine().held();

const isActive = (stage: Stage, userId: string): boolean => stage.account(userId).status !== 'deactivated';

describe.each(reasons)('FC-03 the scope group is deleted (%s)', (reason) => {
  it('nobody leaves, one hold says why, and what changes of known people goes on, also after a restart', async () => {
    const { stage, crew, nested } = await openDeleted(reason);
    const [ann = '', ben = ''] = crew;
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 15, linked: 15 } });
    expect(facts(report)).toMatchObject({ GroupDeleted: 1, JobTitleChanged: 1 });
    expect(facts(report)).not.toHaveProperty('UserLeftGroup');
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    expect((await stage.events('GroupDeleted')).map(({ data }) => data)).toEqual([
      { groupId: stage.directory.scopeGroupId, reason: reason === 'changed' ? 'soft' : 'permanent' },
    ]);
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: 'scope-group-deleted', people: [] });

    await stage.reopen();
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: 'scope-group-deleted' });
    stage.directory.updateUser(ben, { jobTitle: 'Editor' });
    // A group below it goes on being followed, and takes nobody out either.
    for (const userId of crew.slice(12)) stage.directory.removeMember(nested, userId);
    for (const full of [false, true, false]) {
      expect(await stage.sync({ full })).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 15 } });
      expect(await stage.events('UserLeftGroup')).toEqual([]);
    }
    expect(stage.account(ben).jobTitle).toBe('Editor');
    expect(crew.every((userId) => isActive(stage, userId))).toBe(true);
    await stage.checkInvariants();
  });

  it('an account that is deleted meanwhile is gone all the same', async () => {
    const { stage, crew } = await openDeleted(reason);
    const [ann = ''] = crew;
    await stage.sync();
    stage.directory.deleteUser(ann);
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ UserDeleted: 1, UserLeftGroup: 1 });
    expect(report).toMatchObject({ exitCode: 3, people: { inScope: 14 } });
    expect(crew.slice(1).every((userId) => isActive(stage, userId))).toBe(true);
  });

  it('another group is chosen: who is in both stays, everybody else is held until somebody says so', async () => {
    const { stage, crew } = await openDeleted(reason);
    await stage.sync();
    const other = stage.directory.addGroup({ displayName: 'Learn Amp anew' });
    for (const userId of crew.slice(0, 13)) stage.directory.addMember(other, userId);
    const fresh = stage.hire('Neva New', {}, other);
    await stage.reopen({ groupId: other });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 14, held: 2 } });
    expect(facts(report)).toMatchObject({ ScopeGroupChanged: 1, UserJoinedGroup: 1, UserLeftGroup: 2 });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(isActive(stage, fresh)).toBe(true);
    expect(stage.learnAmp.deactivations()).toEqual([]);
    const held = await stage.engine().held();
    expect(held).toMatchObject({ scopeFrozen: null });
    expect(held.people.map(({ userId }) => userId).sort()).toEqual(crew.slice(13).sort());

    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 2 } });
    await stage.engine().approveHeld(by('these two are gone'));
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 2 });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 14, held: 0 } });
    await stage.checkInvariants();
  });

  it('another one that does not exist changes nothing: the scope stays frozen', async () => {
    const { stage, crew } = await openDeleted(reason);
    await stage.sync();
    await stage.reopen({ groupId: '0b7e3d7c-9c0a-4a51-a9e3-0d8f0e6a1b2c' });
    expect(await stage.sync()).toMatchObject({ ok: false, exitCode: 1, error: { code: 'group-not-found' } });
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: 'scope-group-deleted' });
    expect(crew.every((userId) => isActive(stage, userId))).toBe(true);
  });

  it('restored, it is read from the beginning: who was taken out meanwhile leaves, by a confirmation', async () => {
    const { stage, crew } = await openDeleted(reason);
    await stage.sync();
    stage.directory.restoreGroup(stage.directory.scopeGroupId);
    stage.leave(crew[0] ?? '');
    const fresh = stage.hire('Neva New');
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 15, held: 0 } });
    expect(facts(report)).toMatchObject({ GroupRestored: 1, UserLeftGroup: 1, LeaveConfirmed: 1, UserJoinedGroup: 1 });
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
    expect(isActive(stage, fresh)).toBe(true);
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: null });
  });
});

describe('FC-03 a scope group that no delta tells of any more', () => {
  /** As `groups/delta` with a filter by id answers of a group that is gone: complete, and without a word about it. */
  const silence = ({ simulator, directory }: Stage) =>
    simulator.faults.add({
      system: 'graph',
      path: /\/groups\/.*delta/,
      action: {
        rewrite: (response) => {
          const body = response.body as { readonly value?: ReadonlyArray<{ readonly id: string }> };
          if (body.value === undefined) return response;
          return {
            ...response,
            body: { ...body, value: body.value.filter(({ id }) => id !== directory.scopeGroupId) },
          };
        },
      },
    });

  it.each([
    ['by the old links', false],
    ['from the beginning, since they expired', true],
  ])('read %s: nobody leaves, and the daily full cycle holds the scope for its 404', async (_, expired) => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(12);
    await stage.sync();
    stage.newWrites();
    stage.directory.deleteGroup(stage.directory.scopeGroupId);
    const silent = silence(stage);
    if (expired) stage.simulator.expireDeltaTokens();
    const quiet = await stage.sync();
    expect(silent.hits()).toBeGreaterThan(0);
    expect(quiet).toMatchObject({ ok: true, people: { inScope: 12, linked: 12 } });
    const report = await stage.sync({ full: true });
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 12, linked: 12 } });
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: 'scope-group-deleted', people: [] });
    expect(await stage.events('GroupMemberRemoved', 'UserLeftGroup')).toEqual([]);
    expect(crew.every((userId) => isActive(stage, userId))).toBe(true);
    expect(stage.newWrites()).toEqual([]);
  });

  it('a 404 that no delta confirms is asked for again by the next poll: nobody waits a day for a replica that was behind', async () => {
    const stage = await openStage({ graph: calm });
    const { simulator, directory } = stage;
    stage.crew(6);
    await stage.sync();
    const behind = simulator.faults.add({
      system: 'graph',
      path: new RegExp(`/groups/${directory.scopeGroupId}$`),
      action: { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: '' } } },
    });
    expect(await stage.sync({ full: true })).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 6 } });
    const fresh = stage.hire('Neva New');
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 6 } });
    expect(await frozen(stage)).toMatchObject({ scopeFrozen: 'scope-group-deleted' });
    expect(behind.hits()).toBeGreaterThan(3);
    behind.remove();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 7, linked: 7 } });
    expect(facts(report)).toMatchObject({ HoldDissolved: 1, UserJoinedGroup: 1 });
    expect(stage.account(fresh).status).toBe('not_invited');
    expect(await stage.events('GroupDeleted', 'UserLeftGroup')).toEqual([]);
    await stage.checkInvariants();
  });
});
