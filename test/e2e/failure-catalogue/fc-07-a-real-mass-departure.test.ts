import { describe, expect, it } from 'vitest';
import { by, decidedIds } from '../../support/decide.js';
import { idOf } from '../../support/simulator-settings.js';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const statuses = (stage: Stage, userIds: ReadonlyArray<string>): ReadonlyArray<string> =>
  userIds.map((userId) => stage.account(userId).status);

const gone = (stage: Stage, userIds: ReadonlyArray<string>): number =>
  statuses(stage, userIds).filter((status) => status === 'deactivated').length;

/** Twenty of forty leave, and are held. */
const openDeparture = async () => {
  const stage = await openStage({ graph: calm });
  const stay = stage.crew(20);
  const sold = stage.crew(20, { department: 'Sold' });
  await stage.sync();
  for (const userId of sold) stage.leave(userId);
  expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 20 } });
  return { stage, stay, sold };
};

describe('FC-07 a real mass departure', () => {
  it('is held, listed with its evidence, and goes out once somebody approved it: those alone, and once', async () => {
    const { stage, stay, sold } = await openDeparture();
    const held = await stage.engine().held({ by: { actor: 'Eve Admin' } });
    expect(held.counts).toEqual([{ kind: 'deactivations', reason: 'small-share', people: 20 }]);
    expect(held.people.map(({ userId }) => userId).sort()).toEqual([...sold].sort());
    expect(held.people[0]).toMatchObject({
      byName: false,
      evidence: { leave: { reason: 'removed', confirmations: 1 }, blocked: false, groupPath: [] },
    });
    expect(held.people.every(({ since }) => !Number.isNaN(Date.parse(since)))).toBe(true);

    const decided = await stage.engine().approveHeld(by('the unit was sold'));
    expect(decidedIds(decided)).toEqual([...sold].sort());
    // Pressed twice, before anything of it went out.
    expect(await stage.engine().approveHeld(by('the unit was sold'))).toMatchObject({ decided: [] });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { held: 0, inScope: 20 } });
    expect(succeeded(report)).toEqual({ DeactivateUser: 20 });
    expect([gone(stage, sold), gone(stage, stay)]).toEqual([20, 0]);

    // Approving twice finds nobody, and sends nothing.
    expect(await stage.engine().approveHeld(by('again'))).toMatchObject({ decided: [], leftOut: [] });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
    expect(stage.learnAmp.deactivations()).toHaveLength(20);
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('is approved in part: the rest waits on, also through a restart, and nothing that is approved lets it go', async () => {
    const { stage, sold } = await openDeparture();
    const [some, others] = [sold.slice(0, 3), sold.slice(3)];
    expect(decidedIds(await stage.engine().approveHeld(by('these three', ...some)))).toEqual([...some].sort());
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 17 } });
    expect([gone(stage, some), gone(stage, others)]).toEqual([3, 0]);
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 17 }, events: none });
    expect(gone(stage, others)).toBe(0);
    // Named again, they are told apart from those who still wait.
    const [first = '', next = ''] = [some[0], others[0]];
    expect(await stage.engine().approveHeld(by('one more', first, next))).toMatchObject({
      decided: [{ userId: next }],
      leftOut: [{ userId: first, why: 'not-held' }],
    });
  });

  it('leaves out who came back meanwhile, before the approval or after it', async () => {
    const { stage, sold } = await openDeparture();
    const [early = '', late = '', ...rest] = sold;
    stage.directory.addMember(stage.directory.scopeGroupId, early);
    expect(facts(await stage.sync())).toMatchObject({ HoldDissolved: 1, UserJoinedGroup: 1 });
    await stage.engine().approveHeld(by('the unit was sold'));
    stage.directory.addMember(stage.directory.scopeGroupId, late);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 22, held: 0 } });
    expect([gone(stage, [early, late]), gone(stage, rest)]).toEqual([0, 18]);
    // The approval ended with the return: who leaves again is looked at anew. What was approved counts towards no hold.
    stage.leave(late);
    const again = await stage.sync();
    expect(again.commands.DeactivateUser?.held ?? 0).toBe(0);
    expect(succeeded(again)).toEqual({ DeactivateUser: 1 });
    await stage.checkInvariants();
  });

  it('covers nobody who leaves later', async () => {
    const { stage, stay, sold } = await openDeparture();
    await stage.engine().approveHeld(by('the unit was sold'));
    const later = stay.slice(0, 9);
    for (const userId of later) stage.leave(userId);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 9 } });
    expect([gone(stage, sold), gone(stage, later)]).toEqual([20, 0]);
  });

  it('that is rejected keeps everybody active and known, and comes up again only with a change of the person', async () => {
    const { stage, sold } = await openDeparture();
    const [ann = '', ...others] = sold;
    const decided = await stage.engine().rejectHeld(by('they were sold with their accounts'));
    expect(decidedIds(decided)).toEqual([...sold].sort());
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { held: 0 } });
    await stage.reopen();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { held: 0 } });
    expect(gone(stage, sold)).toBe(0);
    expect((await stage.engine().why(idOf(ann))).waits).toMatchObject([{ kind: 'held' }]);

    // A new change of one of them: that one, and nobody else.
    stage.directory.deleteUser(ann);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(gone(stage, others)).toBe(0);
    await stage.checkInvariants();
  });

  it('is recorded with who decided and why, sealed, and told by why', async () => {
    const { stage, sold } = await openDeparture();
    const [ann = '', ben = ''] = sold;
    await stage.engine().approveHeld(by('sold', ann));
    await stage.engine().rejectHeld(by('stays on', ben));
    const [approved] = await stage.events('HeldCommandsApproved');
    expect(approved?.data).toEqual({ kind: 'deactivations', userIds: [ann], actor: 'Eve Admin', reason: 'sold' });
    const { events } = await stage.engine().why(idOf(ann));
    expect(events.filter(({ type }) => type === 'HeldCommandsApproved')).toMatchObject([
      { source: 'administrator', says: expect.stringContaining('approved by Eve Admin: sold') as unknown },
    ]);
    await stage.sync();
    const { commands } = await stage.engine().why(idOf(ann));
    expect(commands.at(-1)).toMatchObject({ kind: 'DeactivateUser', risk: 'destructive', approved: true });
    expect(commands.at(-1)?.reason).toContain('approved by Eve Admin: sold');
    expect(commands.find(({ kind }) => kind === 'CreateUser')).toMatchObject({ approved: false, risk: 'safe' });
    const lines: string[] = [];
    for await (const line of stage.engine().exportLog()) lines.push(line);
    expect(lines.join('\n')).not.toContain('Eve Admin');
  });

  it('an approval that is taken back before it is delivered sends nothing', async () => {
    const { stage, sold } = await openDeparture();
    const [ann = '', ben = ''] = sold;
    await stage.engine().approveHeld(by('sold', ann, ben));
    expect(decidedIds(await stage.engine().rejectHeld(by('not this one', ann)))).toEqual([ann]);
    await stage.sync();
    expect([gone(stage, [ann]), gone(stage, [ben])]).toEqual([0, 1]);
  });
});

describe('FC-07 an approval ends with what it was for', () => {
  it('so that who is blocked, unblocked and blocked again is held again', async () => {
    const stage = await openStage({ graph: calm, preferences: { deactivateBlockedAccounts: true } });
    const crew = stage.crew(10);
    await stage.sync();
    const block = (enabled: boolean): void => {
      for (const userId of crew.slice(0, 6)) stage.directory.setAccountEnabled(userId, enabled);
    };
    block(false);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    await stage.engine().approveHeld(by('on leave'));
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 6 });
    block(true);
    expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 6 });
    block(false);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(6);
    await stage.checkInvariants();
  });

  it('so that leavers whom somebody reactivates by hand are held again', async () => {
    const { stage, sold } = await openDeparture();
    await stage.engine().approveHeld(by('sold'));
    await stage.sync();
    for (const userId of sold) stage.learnAmp.updateAccount(stage.account(userId).id, { status: 'confirmed' });
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { held: 20 } });
    expect(gone(stage, sold)).toBe(0);
  });
});

describe('FC-07 new accounts', () => {
  it('are held beyond the limit, approved and rejected alike, and come up again with a change of the person', async () => {
    const stage = await openStage({ graph: calm, preferences: { creationHold: { count: 3, share: 0.1 } } });
    stage.crew(10);
    await stage.sync();
    const fresh = stage.crew(6);
    const [ann = '', ben = '', cat = ''] = fresh;
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6, linked: 10 } });
    expect((await stage.engine().held()).counts).toEqual([{ kind: 'creations', reason: 'count', people: 6 }]);
    await stage.engine().approveHeld(by('hired', ann));
    await stage.engine().rejectHeld(by('by mistake', ben, cat));
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 3, linked: 11 } });
    expect(stage.accountOf(ann)).toBeDefined();
    expect([ben, cat].map((userId) => stage.accountOf(userId))).toEqual([undefined, undefined]);
    // What an approval names does not count: within the limit again, but for those who wait.
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 4, linked: 11 } });
    expect(stage.accountOf(cat)).toBeUndefined();
    await stage.checkInvariants();
  });
});
