import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { facts, news, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

/** Ann and her manager, in a company that invites at once; Ann was deleted by mistake, and her account deactivated and edited. */
const openDeleted = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' }, ...options });
  const boss = stage.hire('Bea Boss', { department: 'Sales' });
  const ann = stage.hire('Ann Lee', { department: 'Sales', jobTitle: 'Engineer', officeLocation: 'Porto' });
  stage.directory.setManager(ann, boss);
  stage.crew(8);
  await stage.sync();
  const { id } = stage.account(ann);
  stage.directory.deleteUser(ann);
  expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
  // What Learn Amp lets somebody do to an account that sleeps.
  stage.learnAmp.updateAccount(id, { location: 'Typed by hand', managerId: null });
  stage.newWrites();
  return { stage, ann, boss, id };
};

const expectAllApplied = async (stage: Stage, { ann, boss, id }: Record<'ann' | 'boss', string> & { id: number }) => {
  expect(stage.account(ann)).toMatchObject({ id, email: 'ann.lee@fabrikam.example', location: 'Porto' });
  expect(stage.account(ann).status).not.toBe('deactivated');
  expect(stage.teamOf(ann)).toBe('Sales');
  expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  expect(stage.learnAmp.invitations().filter(({ accountId }) => accountId === id)).toHaveLength(1);
  await expectOneAccountEach(stage);
  expect((await stage.sync()).events).toEqual({});
};

/** Graph answers that the person is in none of the groups it is asked for. */
const denyMembership = ({ simulator }: Stage, userId: string) =>
  simulator.faults.add({
    path: new RegExp(`/users/${userId}/checkMemberGroups`),
    action: { rewrite: (response: SimulatedResponse) => ({ ...response, body: { value: [] } }) },
  });

it.each([false, true])(
  'FC-44 whoever is restored gets the same account back with everything applied again, and no second invitation (memberships told again: %s)',
  async (restoresTellMemberships) => {
    const made = await openDeleted({ graph: { ...calm, restoresTellMemberships } });
    const { stage, ann } = made;
    stage.directory.restoreUser(ann);
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
    expect(facts(report)).toEqual({ UserRestored: 1, UserJoinedGroup: 1, CommandSucceeded: 4 });
    expect(succeeded(report)).toEqual({
      ReactivateUser: 1,
      UpdateProfile: 1,
      SetPrimaryTeam: 1,
      SetOverrideManager: 1,
    });
    expect(stage.account(ann).jobTitle).toBe('Architect');
    await expectAllApplied(stage, made);
  },
);

it('FC-44 memberships that come back late are waited for: nobody is reactivated before Graph says that they are a member', async () => {
  const made = await openDeleted();
  const { stage, ann } = made;
  stage.directory.restoreUser(ann);
  const late = denyMembership(stage, ann);
  const first = await stage.sync();
  expect(late.hits()).toBe(1);
  expect(facts(first)).toEqual({ UserRestored: 1 });
  expect((await stage.sync()).events).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(stage.account(ann).status).toBe('deactivated');

  late.remove();
  const report = await stage.sync();
  expect(facts(report)).toMatchObject({ UserJoinedGroup: 1 });
  expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, SetPrimaryTeam: 1, SetOverrideManager: 1 });
  await expectAllApplied(stage, made);
});

it('FC-44 a fresh read of everybody, because more is asked for, changes nothing in that', async () => {
  const made = await openDeleted();
  const { stage, ann } = made;
  stage.directory.restoreUser(ann);
  const late = denyMembership(stage, ann);
  await stage.sync();
  await stage.reopen({ preferences: { invitations: 'immediate', customFields: { employeeId: 'Staff number' } } });
  const report = await stage.sync();
  expect(late.hits()).toBe(2);
  expect(facts(report)).toEqual({ ResyncRequired: 1 });
  expect(report.commands).toEqual({});

  late.remove();
  expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 1 });
  await expectAllApplied(stage, made);
});

it('FC-44 memberships that never come back, told by no delta: the account stays deactivated, also after a full sync', async () => {
  const { stage, ann } = await openDeleted();
  stage.directory.restoreUser(ann);
  stage.leave(ann);
  const silence = stage.simulator.faults.add({
    path: /\/groups\/.*delta/,
    action: {
      rewrite: ({ body, ...rest }) => ({
        ...rest,
        body: JSON.parse(
          JSON.stringify(body, (key, value: unknown) => (key === 'members@delta' ? undefined : value)),
        ) as unknown,
      }),
    },
  });
  expect(facts(await stage.sync())).toEqual({ UserRestored: 1 });
  expect(silence.hits()).toBeGreaterThan(0);
  silence.remove();
  expect(facts(await stage.sync())).toEqual({});
  const full = await stage.sync({ full: true });
  expect(news(full)).toEqual({ GroupMemberRemoved: 1 });
  expect((await stage.sync({ full: true })).commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(stage.account(ann).status).toBe('deactivated');

  // Added to the group anew, by hand.
  stage.directory.addMember(stage.directory.scopeGroupId, ann);
  expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 1 });
  await expectOneAccountEach(stage);
});

it.each([403, 400])(
  'FC-44 a membership that Graph does not tell (%s) is asked for again, and no answer is taken for a yes',
  async (status) => {
    const made = await openDeleted();
    const { stage, ann } = made;
    stage.directory.restoreUser(ann);
    const refused = stage.simulator.faults.add({
      path: new RegExp(`/users/${ann}/checkMemberGroups`),
      action: { status, body: { error: { code: 'x', message: 'x' } } },
    });
    const report = await stage.sync();
    expect(refused.hits()).toBeGreaterThan(0);
    expect(report.commands).toEqual({});
    refused.remove();
    expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 1 });
    await expectAllApplied(stage, made);
  },
);

it('FC-44 a restoration that users/delta never tells is found by the daily full sync', async () => {
  const made = await openDeleted({ graph: { ...calm, restoredUsersShow: false } });
  const { stage, ann } = made;
  stage.directory.restoreUser(ann);
  expect((await stage.sync()).events).toEqual({});
  const report = await stage.sync({ full: true });
  expect(news(report)).toMatchObject({ UserRestored: 1, UserJoinedGroup: 1 });
  expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, SetPrimaryTeam: 1, SetOverrideManager: 1 });
  await expectAllApplied(stage, made);
});

it('FC-44 memberships that a full sync took for gone, because it ran meanwhile, are read again at once', async () => {
  const { stage, ann, boss, id } = await openDeleted();
  const nested = stage.directory.addGroup({ displayName: 'Nested' });
  stage.directory.addMember(stage.directory.scopeGroupId, nested);
  stage.directory.addMember(nested, boss);
  expect(news(await stage.sync({ full: true }))).toMatchObject({ GroupMemberRemoved: 1 });
  stage.newWrites();
  stage.directory.restoreUser(ann);
  const report = await stage.sync();
  expect(facts(report)).toMatchObject({ UserRestored: 1, GroupMemberAdded: 1, UserJoinedGroup: 1 });
  expect(succeeded(report)).toMatchObject({ ReactivateUser: 1 });
  await expectAllApplied(stage, { ann, boss, id });
  // As a read from the beginning finds them.
  expect(news(await stage.sync({ full: true }))).toEqual({});
  stage.leave(ann);
  expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
});

it('FC-44 a place that ended without a word while the account was away ends when the account is back', async () => {
  const { stage, ann } = await openDeleted();
  const nested = stage.directory.addGroup({ displayName: 'Nested' });
  stage.directory.addMember(stage.directory.scopeGroupId, nested);
  stage.directory.restoreUser(ann);
  stage.directory.addMember(nested, ann);
  stage.leave(ann);
  const silence = stage.simulator.faults.add({
    path: /\/groups\/.*delta/,
    match: ({ query }) => ![...query.keys()].includes('$filter'),
    action: {
      rewrite: ({ body, ...rest }) => ({
        ...rest,
        body: JSON.parse(
          JSON.stringify(body, (key, value: unknown) =>
            key === 'members@delta'
              ? (value as ReadonlyArray<{ id: string }>).filter((member) => member.id !== ann)
              : value,
          ),
        ) as unknown,
      }),
    },
  });
  expect(facts(await stage.sync())).toMatchObject({ UserRestored: 1, GroupMemberRemoved: 1, UserJoinedGroup: 1 });
  expect(silence.hits()).toBeGreaterThan(0);
  const joined = (await stage.events('UserJoinedGroup')).at(-1);
  expect(joined?.data).toMatchObject({ path: [stage.directory.scopeGroupId, nested] });
});

it('FC-44 deleted and restored between two syncs is no news and no command', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee');
  stage.crew(5);
  await stage.sync();
  stage.newWrites();
  stage.directory.deleteUser(ann);
  stage.directory.restoreUser(ann);
  expect(await stage.sync()).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 6 } });
  expect(stage.newWrites()).toEqual([]);
  expect(stage.learnAmp.deactivations()).toEqual([]);
});
