import { describe, expect, it } from 'vitest';
import { succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** Two are taken by the owner and the admin of every company. */
const openWithSeats = (seats: () => number) => openStage({ graph: calm, learnAmp: { seats } });

describe('FC-93 no seat is left', () => {
  it('creations are refused as one class, updates and deactivations go on', async () => {
    const stage = await openWithSeats(() => 5);
    const [ann = ''] = stage.crew(3);
    await stage.sync();
    const late = [stage.hire('Cara Late'), stage.hire('Dan Later')];
    stage.directory.updateUser(ann, { jobTitle: 'Lead' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 5, linked: 3 } });
    expect(succeeded(report)).toMatchObject({ UpdateProfile: 1 });
    const refused = await stage.events('CommandRejected');
    expect(new Set(refused.map(({ data }) => (data as { code: string }).code))).toEqual(new Set(['no_seats']));
    for (const userId of late) expect(stage.accountOf(userId)).toBeUndefined();

    expect(stage.learnAmp.invitations()).toEqual([]);
    await stage.checkInvariants();
  });

  it('a returner is refused like anybody else, and stays as they are', async () => {
    const stage = await openWithSeats(() => 4);
    const [, bob = ''] = stage.crew(2);
    await stage.sync();
    stage.leave(bob);
    await stage.sync();
    stage.hire('Cara New');
    await stage.sync();
    stage.directory.addMember(stage.directory.scopeGroupId, bob);
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 4 });
    expect(stage.account(bob).status).toBe('deactivated');
    expect(await stage.events('CommandRejected')).toMatchObject([
      { data: { code: 'no_seats', command: { kind: 'ReactivateUser', userId: bob } } },
    ]);
    await stage.checkInvariants();
  });

  it('those who wait are tried right behind the deactivations that free seats, in the order they came', async () => {
    const stage = await openWithSeats(() => 6);
    const [ann = '', ben = ''] = stage.crew(4);
    await stage.sync();
    const late: string[] = [];
    for (const name of ['Zoe First', 'Yan Second', 'Xia Third']) {
      late.push(stage.hire(name));
      await stage.sync();
    }
    // One refusal spoke for all of them.
    expect(await stage.events('CommandRejected')).toHaveLength(1);
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: {}, people: { parked: 3 } });

    stage.leave(ann);
    stage.leave(ben);
    const report = await stage.sync();
    expect(succeeded(report)).toMatchObject({ DeactivateUser: 2, CreateUser: 2 });
    expect(late.map((id) => stage.accountOf(id) !== undefined)).toEqual([true, true, false]);
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 4, people: { parked: 1 } });
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('seats that were bought are found by the next full cycle, also when the one who was refused is gone', async () => {
    let seats = 5;
    const stage = await openWithSeats(() => seats);
    stage.crew(3);
    await stage.sync();
    const [first, ...others] = [stage.hire('Zoe First'), stage.hire('Yan Second'), stage.hire('Xia Third')];
    await stage.sync();
    const refused = (await stage.events('CommandRejected')).length;
    stage.directory.removeMember(stage.directory.scopeGroupId, first);
    await stage.sync();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 4, people: { parked: 2 } });
    // Asked once, and not by everybody who waits.
    expect((await stage.events('CommandRejected')).length).toBe(refused + 1);
    seats = 50;
    expect(succeeded(await stage.sync({ full: true }))).toMatchObject({ CreateUser: 2 });
    expect(others.map((id) => stage.accountOf(id) !== undefined)).toEqual([true, true]);
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('hundreds who wait cost a few requests, and none in the next cycles', async () => {
    const stage = await openWithSeats(() => 5);
    stage.crew(3);
    await stage.sync();
    stage.crew(400);
    const creations = () => stage.simulator.requests.count({ system: 'learnAmp', method: 'POST', path: /users$/ });
    const before = creations();
    expect(await stage.sync()).toMatchObject({ ok: true });
    const asked = creations() - before;
    expect(asked).toBeLessThanOrEqual(200);
    await stage.sync();
    expect(creations() - before).toBe(asked);
  });
});
