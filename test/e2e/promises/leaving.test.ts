import { describe, expect, it } from 'vitest';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { openStage, type Stage } from '../../support/stage.js';

/** A company that is large enough for one leaver or two to be ordinary. */
const openCompany = async (options: Parameters<typeof openStage>[0] = {}, size = 10) => {
  const stage = await openStage(options);
  const crew = stage.crew(size);
  await stage.sync();
  stage.newWrites();
  return { stage, crew };
};

const statusOf = (stage: Stage, userId: string): string => stage.account(userId).status;
const active = (stage: Stage, userIds: ReadonlyArray<string>): number =>
  userIds.filter((userId) => statusOf(stage, userId) !== 'deactivated').length;

describe('leaving the group deactivates, and never deletes', () => {
  it('deactivates once, after a second read confirmed it, and as the last thing of the cycle', async () => {
    const { stage, crew } = await openCompany();
    const ann = crew[0] ?? '';
    const ben = crew[1] ?? '';
    stage.leave(ann);
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    const cleo = stage.hire('Cleo Day', { department: 'Sales' });
    stage.simulator.requests.reset();
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
    expect(facts(report)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveConfirmed: 1 });
    expect(report.commands.DeactivateUser).toMatchObject({ planned: 1, succeeded: 1, held: 0 });
    expect(statusOf(stage, ann)).toBe('deactivated');
    expect(stage.newWrites().at(-1)?.path).toBe(`/v1/users/${stage.account(ann).id}/deactivate`);
    expect(statusOf(stage, cleo)).toBe('not_invited');

    const confirmed = await stage.events('LeaveConfirmed');
    expect(confirmed.map(({ data }) => data)).toEqual([{ userId: ann, by: 'checkMemberGroups' }]);
    expect((await stage.sync()).events).toEqual({});
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  });

  it('says nothing about people who were never linked, whatever happens to them', async () => {
    const { stage } = await openCompany();
    const stranger = stage.learnAmp.addAccount({
      email: 'old.hand@fabrikam.example',
      firstName: 'Old',
      lastName: 'Hand',
    });
    const before = stage.learnAmp.accounts().filter(({ role }) => role !== 'viewer');
    await stage.sync({ full: true });
    expect(stage.learnAmp.account(stranger.id)).toEqual(stranger);
    expect(stage.learnAmp.accounts().filter(({ role }) => role !== 'viewer')).toEqual(before);
  });

  it('waits while a direct read says that the person is still a member, and says so', async () => {
    const { stage, crew } = await openCompany();
    const ann = crew[0] ?? '';
    // The group's delta says gone; the account is still reachable through another group that Graph has not told of yet.
    const hidden = stage.simulator.faults.add({
      system: 'graph',
      path: /checkMemberGroups$/,
      action: { status: 200, body: { value: [stage.directory.scopeGroupId] } },
    });
    stage.leave(ann);
    const report = await stage.sync();
    expect(hidden.hits()).toBe(1);
    expect(facts(report)).toMatchObject({ UserLeftGroup: 1, LeaveUnconfirmed: 1 });
    expect(report.exitCode).toBe(0);
    expect(attentionOf(report, ann)).toEqual(['leave-unconfirmed: still-a-member']);
    expect(statusOf(stage, ann)).not.toBe('deactivated');

    hidden.remove();
    await stage.sync();
    expect(statusOf(stage, ann)).toBe('deactivated');
  });

  it('waits while the second read is refused', async () => {
    const { stage, crew } = await openCompany();
    const ann = crew[0] ?? '';
    const refused = stage.simulator.faults.add({
      system: 'graph',
      path: /checkMemberGroups$/,
      action: {
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
      },
    });
    stage.leave(ann);
    const report = await stage.sync();
    expect(attentionOf(report, ann)).toEqual(['leave-unconfirmed: forbidden']);
    expect(active(stage, crew)).toBe(10);
    refused.remove();
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
  });
});

describe('a round of grace', () => {
  it('is none by default', async () => {
    const { stage, crew } = await openCompany();
    stage.leave(crew[0] ?? '');
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
  });

  it('is a further round for each that the company wants, and none of them counts for a returner', async () => {
    const { stage, crew } = await openCompany({ preferences: { graceRounds: 2 } });
    const [ann = '', ben = ''] = crew;
    stage.leave(ann);
    stage.leave(ben);
    expect(succeeded(await stage.sync())).toEqual({});
    expect(succeeded(await stage.sync())).toEqual({});
    stage.directory.addMember(stage.directory.scopeGroupId, ben);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(statusOf(stage, ann)).toBe('deactivated');
    expect(statusOf(stage, ben)).not.toBe('deactivated');
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('an account that is blocked in the group', () => {
  it('keeps its account by default', async () => {
    const { stage, crew } = await openCompany();
    stage.directory.setAccountEnabled(crew[0] ?? '', false);
    const report = await stage.sync();
    expect(facts(report)).toEqual({ AccountBlocked: 1 });
    expect(succeeded(report)).toEqual({});
    expect(active(stage, crew)).toBe(10);
    const dan = stage.hire('Dan Ek', { accountEnabled: false });
    await stage.sync();
    expect(statusOf(stage, dan)).toBe('not_invited');
  });

  it('is deactivated where the company wants that, reactivated when unblocked, and never created', async () => {
    const { stage, crew } = await openCompany({ preferences: { deactivateBlockedAccounts: true } });
    const [ann = ''] = crew;
    stage.directory.setAccountEnabled(ann, false);
    const dan = stage.hire('Dan Ek', { accountEnabled: false });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(statusOf(stage, ann)).toBe('deactivated');
    expect(stage.accountOf(dan)).toBeUndefined();
    expect((await stage.sync()).events).toEqual({});

    stage.directory.setAccountEnabled(ann, true);
    stage.directory.setAccountEnabled(dan, true);
    const back = await stage.sync();
    expect(succeeded(back)).toMatchObject({ ReactivateUser: 1, CreateUser: 1 });
    expect(active(stage, [...crew, dan])).toBe(11);
  });

  it('counts towards the hold like any other deactivation', async () => {
    const { stage, crew } = await openCompany({ preferences: { deactivateBlockedAccounts: true } });
    for (const id of crew.slice(0, 5)) stage.directory.setAccountEnabled(id, false);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 5 } });
    expect(active(stage, crew)).toBe(10);
    for (const id of crew.slice(0, 5)) stage.directory.setAccountEnabled(id, true);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { held: 0 } });
  });
});

describe('people whom the company never wants deactivated', () => {
  it('are named by object id or by address, stay active, and are reported without holding anybody', async () => {
    const stage = await openStage();
    const crew = stage.crew(10);
    const [ann = '', ben = '', cleo = ''] = crew;
    const address = stage.directory.user(ben).properties.userPrincipalName?.toUpperCase();
    await stage.reopen({ preferences: { neverDeactivate: [ann, address] } });
    await stage.sync();
    for (const id of [ann, ben, cleo]) stage.leave(id);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(attentionOf(report, ann)).toEqual(['protected: never-deactivate']);
    expect(attentionOf(report, ben)).toEqual(['protected: never-deactivate']);
    expect(active(stage, [ann, ben])).toBe(2);
    expect(statusOf(stage, cleo)).toBe('deactivated');
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });

    await stage.reopen({ preferences: { neverDeactivate: [] } });
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 2 });
  });

  it('are, unless a person approves it by name, the owners and admins of Learn Amp', async () => {
    const stage = await openStage();
    for (const role of ['owner', 'admin'] as const)
      stage.learnAmp.addAccount({ email: `the.${role}@fabrikam.example`, firstName: 'The', lastName: role, role });
    const owner = stage.hire('The Owner');
    const admin = stage.hire('The Admin');
    const [ann = ''] = stage.crew(10);
    await stage.sync();
    for (const id of [owner, admin, ann]) stage.leave(id);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 2 } });
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    // Another owner stands on the list of accounts, so this one is not the last.
    expect(attentionOf(report, owner)).toEqual(['held: deactivations: protected']);
    expect(attentionOf(report, admin)).toEqual(['held: deactivations: protected']);
    expect(active(stage, [owner, admin])).toBe(2);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });
  });

  it('include somebody who was made an admin by hand since the last look', async () => {
    const { stage, crew } = await openCompany();
    const [ann = '', ben = ''] = crew;
    stage.learnAmp.updateAccount(stage.account(ann).id, { role: 'admin' });
    stage.leave(ann);
    stage.leave(ben);
    const report = await stage.sync();
    expect(statusOf(stage, ann)).not.toBe('deactivated');
    expect(statusOf(stage, ben)).toBe('deactivated');
    expect(report.exitCode).toBe(3);
    expect(attentionOf(report, ann)).toContain('held: deactivations: protected');
  });

  it('include the last owner, whatever else is allowed', async () => {
    const stage = await openStage();
    const only = stage.learnAmp.accounts().find(({ role }) => role === 'owner');
    stage.learnAmp.updateAccount(only?.id ?? 0, { email: 'olive.owner@fabrikam.example' });
    const olive = stage.hire('Olive Owner');
    stage.crew(6);
    await stage.reopen({ preferences: { deactivationHold: { enabled: false } } });
    await stage.sync();
    stage.leave(olive);
    const report = await stage.sync();
    expect(report.exitCode).toBe(3);
    expect(attentionOf(report, olive)).toEqual(['held: deactivations: last-owner']);
    expect(statusOf(stage, olive)).toBe('confirmed');
  });
});

describe('the hold', () => {
  it('lets four of ten go and holds five of twenty-four, as the rule says', async () => {
    const { stage, crew } = await openCompany();
    for (const id of crew.slice(0, 4)) stage.leave(id);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, held: 0 } });

    const large = await openCompany({ storage: 'memory' }, 24);
    for (const id of large.crew.slice(0, 5)) large.stage.leave(id);
    const report = await large.stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 5 } });
    expect(report.commands.DeactivateUser).toMatchObject({ planned: 5, held: 5, succeeded: 0 });
    expect(active(large.stage, large.crew)).toBe(24);
  });

  it('counts what was sent within the day: the plan that crosses the line waits as a whole', async () => {
    const { stage, crew } = await openCompany();
    for (const id of crew.slice(0, 3)) stage.leave(id);
    expect((await stage.sync()).exitCode).toBe(0);
    await stage.reopen();
    for (const id of crew.slice(3, 5)) stage.leave(id);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 2 } });
    expect(active(stage, crew)).toBe(7);
  });

  it('forgets what was sent longer ago than the window, by the time of Graph and not of this machine', async () => {
    const { stage, crew } = await openCompany();
    const answeredAt = (iso: string) =>
      stage.simulator.faults.add({
        system: 'graph',
        action: {
          rewrite: (response) => ({ ...response, headers: { ...response.headers, date: new Date(iso).toUTCString() } }),
        },
      });
    const monday = answeredAt('2031-03-03T08:00:00Z');
    for (const id of crew.slice(0, 3)) stage.leave(id);
    expect((await stage.sync()).exitCode).toBe(0);
    monday.remove();
    answeredAt('2031-03-04T09:00:00Z');
    for (const id of crew.slice(3, 5)) stage.leave(id);
    expect((await stage.sync()).exitCode).toBe(0);
    expect(active(stage, crew)).toBe(5);
  });

  it('goes for whoever returns, and for nobody else', async () => {
    const { stage, crew } = await openCompany();
    for (const id of crew.slice(0, 6)) stage.leave(id);
    await stage.sync();
    for (const id of crew.slice(0, 2)) stage.directory.addMember(stage.directory.scopeGroupId, id);
    const report = await stage.sync();
    // Four of ten alone would be allowed; held stays held.
    expect(report).toMatchObject({ exitCode: 3, people: { inScope: 6, held: 4 } });
    expect(facts(report)).toMatchObject({ HoldDissolved: 1, UserJoinedGroup: 2 });
    expect(active(stage, crew)).toBe(10);
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });

  it("is the company's to set", async () => {
    const off = await openCompany({ preferences: { deactivationHold: { enabled: false } }, storage: 'memory' });
    for (const id of off.crew.slice(0, 6)) off.stage.leave(id);
    expect(await off.stage.sync()).toMatchObject({ exitCode: 0, people: { held: 0 } });
    expect(active(off.stage, off.crew)).toBe(4);

    const strict = await openCompany({ preferences: { deactivationHold: { count: 1 } }, storage: 'memory' });
    strict.stage.leave(strict.crew[0] ?? '');
    expect(await strict.stage.sync()).toMatchObject({ exitCode: 3, people: { held: 1 } });
    expect(active(strict.stage, strict.crew)).toBe(10);
  });

  it('freezes the scope while its group is deleted or unreadable: nobody leaves, updates go on', async () => {
    const { stage, crew } = await openCompany({ graph: { deletedGroupReason: 'deleted' } });
    stage.directory.deleteGroup(stage.directory.scopeGroupId);
    stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 10, held: 0 } });
    expect(facts(report)).toMatchObject({ GroupDeleted: 1 });
    expect(facts(report)).not.toHaveProperty('UserLeftGroup');
    expect(stage.account(crew[0] ?? '').jobTitle).toBe('Writer');
    expect(active(stage, crew)).toBe(10);

    // A full cycle asks again, and still believes nothing of it.
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { inScope: 10 } });
    stage.directory.restoreGroup(stage.directory.scopeGroupId);
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 10, held: 0 } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });

  it('freezes the scope where a full sync finds its group unreadable, and thaws it when it is not', async () => {
    const { stage, crew } = await openCompany();
    const refused = stage.simulator.faults.add({
      system: 'graph',
      path: new RegExp(`/groups/${stage.directory.scopeGroupId}$`),
      action: {
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges' } },
      },
    });
    stage.leave(crew[0] ?? '');
    stage.directory.updateUser(crew[1] ?? '', { jobTitle: 'Writer' });
    const report = await stage.sync({ full: true });
    expect(refused.hits()).toBe(1);
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 10 } });
    expect(facts(report)).toMatchObject({ CommandsHeld: 1 });
    expect(facts(report)).not.toHaveProperty('UserLeftGroup');
    expect(stage.account(crew[1] ?? '').jobTitle).toBe('Writer');
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { inScope: 10 } });
    refused.remove();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 9 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  });

  it.each([false, true])(
    'takes a group whose members may not be seen any more for unreadable, not for empty (full: %s)',
    async (full) => {
      const { stage } = await openCompany();
      const { europe } = stage.simulator.company.groups;
      const hidden = stage.crew(3, {}, europe);
      await stage.sync();
      stage.directory.updateGroup(europe, { visibility: 'HiddenMembership' });
      stage.directory.withdraw('hidden-members');
      for (let round = 0; round < 3; round += 1) {
        const report = await stage.sync({ full });
        expect(report.people).toMatchObject({ inScope: 13 });
        expect(active(stage, hidden)).toBe(3);
      }
      expect(stage.learnAmp.deactivations()).toEqual([]);
      stage.directory.grant('hidden-members');
      expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 13, linked: 13 } });
    },
  );
});
