import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askWhy, outline, waitsIn } from '../../support/ask-why.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

const open = (options: StageOptions = {}) => openStage({ graph: calm, storage: 'memory', ...options });

const guest = {
  userPrincipalName: 'noor_partner.example#EXT#@fabrikam.example',
  mail: null,
  userType: 'Guest',
} as const;

describe('somebody active', () => {
  const openNested = async () => {
    const stage = await open();
    const { directory } = stage;
    const outer = directory.addGroup({ displayName: 'Outer' });
    const inner = directory.addGroup({ displayName: 'Inner' });
    directory.nestGroup(directory.scopeGroupId, outer);
    directory.nestGroup(outer, inner);
    const ann = stage.hire('Ann Lee', { jobTitle: 'Writer', department: 'Sales' }, inner);
    stage.crew(3);
    await stage.sync();
    return { stage, ann, outer, inner };
  };

  it('is in scope through the groups that nest, each with the event that nested it', async () => {
    const { stage, ann, outer, inner } = await openNested();
    const why = await askWhy(stage, ann);
    const { scopeGroupId } = stage.directory;
    expect(why.conclusion).toBe(`Active in Learn Amp as ${stage.account(ann).id}; nothing is to be done.`);
    expect(why.scope).toMatchObject({ inScope: true, groupPath: [scopeGroupId, outer, inner] });
    expect(why.scope.nesting.map(({ data }) => data)).toEqual([
      { groupId: scopeGroupId, memberId: outer, kind: 'group' },
      { groupId: outer, memberId: inner, kind: 'group' },
    ]);
    expect(why).toMatchObject({ waits: [], next: { commands: [] }, looked: null, erased: null, live: null });
  });

  it('is in the group by names, which follow a renamed group', async () => {
    const { stage, ann, outer } = await openNested();
    expect((await askWhy(stage, ann)).scope.groupNames).toEqual(['Learn Amp users', 'Outer', 'Inner']);
    stage.directory.updateGroup(outer, { displayName: 'Berlin' });
    await stage.sync();
    const { scope, events } = await askWhy(stage, ann);
    expect(scope.groupNames).toEqual(['Learn Amp users', 'Berlin', 'Inner']);
    const joined = events.find(({ type }) => type === 'UserJoinedGroup');
    expect(joined?.says).toContain('came into scope through Learn Amp users > Berlin > Inner');
    expect(scope.nesting[0]?.says).toContain(`has the member Berlin (${outer})`);
  });

  it('and what they are called lies sealed in the log', async () => {
    const stage = await openStage({ graph: calm });
    stage.directory.updateGroup(stage.directory.scopeGroupId, { displayName: 'Readable to nobody' });
    stage.crew(1);
    await stage.sync();
    expect((await stage.events('GroupNameChanged'))[0]?.data).toMatchObject({ from: null, to: 'Readable to nobody' });
    await stage.close();
    expect((await readFile(join(stage.folder, 'log.db'))).includes('Readable to nobody')).toBe(false);
  });

  it('and a sync that finds the same names records nothing', async () => {
    const { stage } = await openNested();
    const report = await stage.sync({ full: true });
    expect(report.events.GroupNameChanged).toBeUndefined();
  });

  it('has every event in order, and what Graph said carries the request id of the answer', async () => {
    const { stage, ann } = await openNested();
    const why = await askWhy(stage, ann);
    expect(outline(why).events).toEqual([
      'GroupMemberAdded',
      'UserJoinedGroup',
      'CommandsDispatched',
      'CommandSucceeded',
      'UserLinked',
      'CommandsDispatched',
      'CommandSucceeded',
    ]);
    const revisions = why.events.map(({ revision }) => BigInt(revision));
    expect(revisions).toEqual([...revisions].sort((a, b) => (a < b ? -1 : 1)));
    for (const event of why.events.filter(({ source }) => source === 'graph'))
      expect(event.graphRequestId, event.type).toMatch(/^[\w-]{10,}$/);
  });

  it('has each command with its cause, before, after and receipt, and each names events that are there', async () => {
    const { stage, ann } = await openNested();
    stage.directory.updateUser(ann, { jobTitle: 'Editor' });
    await stage.sync();
    const why = await askWhy(stage, ann);
    expect(outline(why).commands).toEqual([
      'CreateUser succeeded',
      'SetPrimaryTeam succeeded',
      'UpdateProfile succeeded',
    ]);
    const byRevision = new Map(why.events.map((event) => [event.revision, event]));
    for (const command of why.commands) {
      expect(byRevision.get(command.revision)?.type).toBe('CommandsDispatched');
      expect(byRevision.get(command.receipt.revision ?? '')?.type).toBe('CommandSucceeded');
      expect(command.because.length).toBeGreaterThan(0);
      for (const revision of command.because) expect(BigInt(revision)).toBeLessThan(BigInt(command.revision));
      for (const revision of command.because) expect(byRevision.has(revision)).toBe(true);
      expect(byRevision.get(command.revision)?.correlationId).toBe(command.correlationId);
    }
    const [update] = why.commands.slice(-1);
    expect(update).toMatchObject({
      before: { jobTitle: 'Writer' },
      after: { jobTitle: 'Editor' },
      reason: 'job title: Writer -> Editor',
    });
    expect(update?.because.map((revision) => byRevision.get(revision)?.type)).toEqual(['JobTitleChanged']);
  });
});

describe('somebody whose manager is not there yet', () => {
  it('waits until that manager is a member and has an account, and says for whom', async () => {
    const stage = await open();
    const boss = stage.directory.addUser({ displayName: 'Bea Boss', userPrincipalName: 'bea@fabrikam.example' });
    const ann = stage.hire('Ann Lee');
    stage.directory.setManager(ann, boss);
    await stage.sync();
    const why = await askWhy(stage, ann);
    const until = `until the manager ${boss} is a member of the group and has an account`;
    expect(why.conclusion).toBe(
      `Active in Learn Amp as ${stage.account(ann).id}; the override manager waits ${until}.`,
    );
    expect(why.waits).toEqual([{ kind: 'deferred', says: 'the override manager waits', until, userId: boss }]);
    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    await stage.sync();
    const after = await askWhy(stage, ann);
    expect(after.waits).toEqual([]);
    expect(outline(after).commands).toContain('SetOverrideManager succeeded');
    // Seen from the other end: who has whom as manager is among the events of both.
    const [assigned] = (await askWhy(stage, boss)).events.filter(({ type }) => type === 'ManagerAssigned');
    expect(assigned).toBeUndefined();
  });
});

describe('somebody who left', () => {
  it('is held until somebody approves, and nothing of it is planned', async () => {
    const stage = await open();
    const [ann = '', ...others] = stage.crew(10);
    await stage.sync();
    for (const userId of [ann, ...others.slice(0, 7)]) stage.leave(userId);
    expect((await stage.sync()).exitCode).toBe(3);
    const why = await askWhy(stage, ann);
    expect(why.waits).toMatchObject([
      { kind: 'held', says: 'the deactivation waits for approval: a large share of the accounts within a day' },
    ]);
    expect(why.waits[0]?.until).toBe(
      `until somebody approves: directory-sync held approve --user ${ann}, or the person is in the group again`,
    );
    expect(why.conclusion).toContain(`Left the scope; the account ${stage.account(ann).id} is still active: `);
    expect(why.next.commands).toEqual([]);
    expect(outline(why).events.slice(-3)).toEqual(['UserLeftGroup', 'LeaveConfirmed', 'CommandsHeld']);
  });

  it('is deactivated for the reasons that stand in the log, with the status before and after', async () => {
    const stage = await open();
    const [ann = ''] = stage.crew(10);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    const why = await askWhy(stage, ann);
    expect(why.conclusion).toBe(`Left the scope; the account ${stage.account(ann).id} is deactivated.`);
    expect(why.commands.slice(-1)).toMatchObject([
      {
        kind: 'DeactivateUser',
        before: { status: 'not_invited' },
        after: { status: 'deactivated' },
        receipt: { outcome: 'succeeded' },
      },
    ]);
    const types = new Map(why.events.map(({ revision, type }) => [revision, type]));
    expect(why.commands.at(-1)?.because.map((revision) => types.get(revision))).toEqual([
      'UserLeftGroup',
      'LeaveConfirmed',
    ]);
  });

  it('stays while the second read is refused, until the app may read', async () => {
    const stage = await open();
    const [ann = ''] = stage.crew(10);
    await stage.sync();
    stage.simulator.faults.add({
      system: 'graph',
      path: /checkMemberGroups$/,
      action: { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'no' } } },
    });
    stage.leave(ann);
    await stage.sync();
    const why = await askWhy(stage, ann);
    expect(waitsIn(why)).toEqual([
      'leave-unconfirmed: the account stays as it is, since Microsoft Graph refused the second read behind the leave until the app may read the person and the group: it is asked again by each sync',
    ]);
    expect(why.next.commands).toEqual([]);
  });

  it('stays for rounds of grace, and says how many reads are missing', async () => {
    const stage = await open({ preferences: { graceRounds: 2 } });
    const [ann = ''] = stage.crew(10);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    expect(waitsIn(await askWhy(stage, ann))).toEqual([
      'leave-unconfirmed: the account stays as it is, since the leave is not confirmed yet, until 2 more reads agree, one in each sync',
    ]);
  });

  it('stays where neverDeactivate says so', async () => {
    const stage = await open({ preferences: { neverDeactivate: ['ann.lee@fabrikam.example'] } });
    const ann = stage.hire('Ann Lee');
    stage.crew(9);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    expect((await askWhy(stage, ann)).waits).toMatchObject([{ kind: 'protected' }]);
  });
});

describe('somebody without an account', () => {
  it('is refused by Learn Amp: the command, the code and the field, until the value changes', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee');
    stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      times: 4,
      action: { status: 422, body: { errors: { email: ['is invalid'] } } },
    });
    expect((await stage.sync()).exitCode).toBe(4);
    const why = await askWhy(stage, ann);
    expect(outline(why).commands).toEqual(['CreateUser rejected']);
    expect(why.waits).toMatchObject([
      { kind: 'rejected', says: expect.stringMatching(/CreateUser: validation/) as unknown },
    ]);
    expect(why.conclusion).toMatch(
      /^Has no account: Learn Amp refuses CreateUser: validation .* until the value is changed/,
    );
    expect(why.commands[0]).toMatchObject({ before: {}, after: { email: 'ann.lee@fabrikam.example' } });
  });

  it('is parked where an account may not be taken over, until somebody decides', async () => {
    const stage = await open({ preferences: { adoptByEmail: false } });
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'Ann', lastName: 'Lee' });
    const ann = stage.hire('Ann Lee');
    expect((await stage.sync()).exitCode).toBe(4);
    const why = await askWhy(stage, ann);
    expect(waitsIn(why)).toEqual([
      'parked: the account that has this address at Learn Amp is not taken over (adoptByEmail is off) until adoptByEmail is on, or that account has another address',
    ]);
    expect(why.conclusion).toMatch(/^Has no account: the account that has this address/);
    expect(why.next.commands).toEqual([]);
  });

  it('who is a guest without an address waits until there is one', async () => {
    const stage = await open();
    const noor = stage.hire('Noor Visser', guest);
    await stage.sync();
    const why = await askWhy(stage, noor);
    expect(why.conclusion).toBe(
      'Has no account: the directory has no usable e-mail address until the person has a mail address in Entra.',
    );
    expect(why.waits).toMatchObject([{ kind: 'no-email' }]);
    expect(why.account.learnAmpUserId).toBeNull();
  });

  it('whose address is somebody else’s names the other person by id', async () => {
    const stage = await open({ preferences: { attributes: { email: ['mail'] } } });
    const one = stage.hire('Ann Lee', { mail: 'ann.lee@fabrikam.example' });
    const two = stage.hire('Ann Lee Admin', { mail: 'ann.lee@fabrikam.example' });
    await stage.sync();
    const second = stage.learnAmp.accountByExternalId(one) === undefined ? one : two;
    const why = await askWhy(stage, second);
    expect(why.waits).toMatchObject([{ kind: 'identity-conflict', userId: second === one ? two : one }]);
  });

  it('whose creation got no answer waits until Learn Amp was looked at; then the look is the receipt', async () => {
    const stage = await open({ patienceMs: 2_000 });
    const ann = stage.hire('Ann Lee');
    const lost = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      times: 1,
      action: 'applyThenReset',
    });
    const broken = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'GET',
      path: /\/v1\/users/,
      match: () => lost.hits() > 0,
      action: 'reset',
    });
    expect((await stage.sync()).exitCode).toBe(4);
    const before = await askWhy(stage, ann);
    expect(outline(before).commands).toEqual(['CreateUser unknown']);
    expect(before.waits).toMatchObject([{ kind: 'unknown' }]);
    expect(before.commands[0]).toMatchObject({ before: null, after: null, receipt: { revision: null } });
    broken.remove();
    await stage.sync();
    const after = await askWhy(stage, ann);
    expect(after.commands[0]?.receipt.outcome).toBe('seen');
    expect(after.conclusion).toContain(`Active in Learn Amp as ${stage.account(ann).id}`);
  });
});

describe('somebody who was erased', () => {
  it('is told with who did it and when; of everything else ids and times are left', async () => {
    const stage = await open();
    const ann = stage.hire('Ann Lee', { jobTitle: 'Vexillologist' });
    stage.crew(9);
    await stage.sync();
    stage.leave(ann);
    await stage.sync();
    await stage.engine().erase(idOf(ann), { actor: 'Dora Data', reason: 'asked for' });
    const why = await askWhy(stage, ann);
    expect(why.erased).toMatchObject({ by: 'Dora Data', reason: 'asked for' });
    expect(why.conclusion).toBe(`Erased on ${why.erased?.at ?? ''} by Dora Data: ids and times are all that is left.`);
    expect(outline(why).commands).toContain('CreateUser succeeded');
    expect(JSON.stringify(why)).not.toMatch(/Ann|ann\.lee|Vexillologist/);
    const sealed = why.events.filter(({ type }) => type === 'UserJoinedGroup' || type === 'CommandSucceeded');
    expect(sealed.length).toBeGreaterThan(1);
    for (const event of sealed) expect(event).toMatchObject({ erased: true, data: null });
  });
});

describe('somebody who never appeared', () => {
  const stranger = '00000000-0000-4000-8000-0000000000aa';

  it('is answered with what was looked at, and the reasons in the order in which to look', async () => {
    const stage = await open();
    stage.crew(3);
    await stage.sync();
    const why = await askWhy(stage, stranger);
    expect(why.conclusion).toBe(
      'Nothing about this person is in the log: most likely not a member of the group or of one nested in it.',
    );
    expect(why.events).toEqual([]);
    expect(why.looked).toMatchObject({ scopeGroupId: stage.directory.scopeGroupId, inScope: 3 });
    expect(why.looked?.cursors.every(({ readToEndAt, unfinished }) => readToEndAt !== null && !unfinished)).toBe(true);
    expect(why.looked?.reasons.map(({ reason, applies }) => `${reason} ${applies}`)).toEqual([
      'not-a-member possible',
      'group-not-readable possible',
      'licence no',
      'profile-not-readable possible',
      'read-not-finished no',
      'paused no',
    ]);
  });

  it('is told to wait where nothing was read yet', async () => {
    const stage = await open();
    const why = await askWhy(stage, stranger);
    expect(why).toMatchObject({ head: null, looked: { cursors: [], inScope: 0, lastSyncAt: null } });
    expect(why.conclusion).toContain('run "directory-sync sync" again');
  });

  it('is told that the connection is paused, where it is', async () => {
    const stage = await open();
    stage.crew(3);
    await stage.sync();
    await stage.engine().pause({ actor: 'Sam', reason: 'maintenance' });
    const why = await askWhy(stage, stranger);
    expect(why.looked?.reasons.at(-1)).toMatchObject({ reason: 'paused', applies: 'yes' });
    expect(why.waits).toMatchObject([{ kind: 'paused' }]);
  });

  it('is told that the group cannot be read, where it was not', async () => {
    const stage = await open({ patienceMs: 2_000 });
    stage.crew(3);
    await stage.sync();
    stage.directory.withdraw('groups');
    await stage.sync();
    const why = await askWhy(stage, stranger);
    expect(why.looked?.reasons[1]).toMatchObject({ reason: 'group-not-readable', applies: 'yes' });
  });

  it('who is a member without a readable profile is told so, by the recorded edge', async () => {
    const stage = await open();
    stage.crew(3);
    await stage.sync();
    const ann = stage.hire('Ann Lee');
    stage.simulator.faults.add({
      system: 'graph',
      method: 'GET',
      path: new RegExp(`/users/${ann}$`),
      action: { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'no' } } },
    });
    await stage.sync();
    const why = await askWhy(stage, ann);
    expect(why.looked?.reasons[0]).toMatchObject({ reason: 'not-a-member', applies: 'no' });
    expect(why.conclusion).toMatch(/^Never was in scope, .* whose profile Microsoft Graph does not show yet/);
  });
});
