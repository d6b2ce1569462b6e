import type { FaultAction } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { attentionOf, succeeded } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

// I-11: one subject that fails never delays another by even one round.

/** Every creation of Ann, and nothing else, is answered like this. */
const poison = (stage: Stage, action: FaultAction) =>
  stage.simulator.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/v1\/users$/,
    match: ({ body }) => decodeURIComponent(body.toString()).includes('ann.lee@'),
    action,
  });

const troubles: ReadonlyArray<{ readonly name: string; readonly action: FaultAction }> = [
  { name: 'is always answered 500', action: { status: 500, body: { error: 'Something went wrong' } } },
  { name: 'always loses the connection', action: 'reset' },
  { name: 'never gets an answer', action: 'hang' },
];

describe.each(troubles)('I-11 one person whose creation $name', ({ action }) => {
  it('delays nobody else: accounts, updates, teams, managers and deactivations go out in the same cycle', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 300, preferences: { invitations: 'immediate' } });
    const [boss = '', ben = '', cleo = '', dan = ''] = stage.crew(12, { department: 'Sales' });
    await stage.sync();
    const bad = poison(stage, action);
    const ann = stage.hire('Ann Lee', { department: 'Research' });
    const eve = stage.hire('Eve Oak', { department: 'Research' });
    stage.directory.setManager(eve, boss);
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    stage.directory.setManager(cleo, boss);
    stage.leave(dan);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { linked: 12 } });
    expect(succeeded(report)).toMatchObject({ UpdateProfile: 1, DeactivateUser: 1, SetOverrideManager: 2 });
    expect(stage.account(dan).status).toBe('deactivated');
    expect(stage.account(ben).jobTitle).toBe('Writer');
    expect(stage.teamOf(eve)).toBe('Research');
    expect([stage.managerOf(eve)?.id, stage.managerOf(cleo)?.id]).toEqual(Array(2).fill(stage.account(boss).id));
    expect(attentionOf(report, ann)).toEqual(['unanswered: CreateUser']);
    await stage.checkInvariants();

    bad.remove();
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { linked: 13 } });
    expect(stage.teamOf(ann)).toBe('Research');
    expect(stage.learnAmp.accounts()).toHaveLength(2 + 14);
    expect(stage.learnAmp.invitations()).toHaveLength(14);
    expect((await stage.sync()).events).toEqual({});
    await stage.checkInvariants();
  });
});

describe('somebody without an answer again and again', () => {
  it('is parked after five cycles, costs nothing more, and is tried again with a change of that person', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 300 });
    const [ben = ''] = stage.crew(6);
    await stage.sync();
    const bad = poison(stage, { status: 500, body: {} });
    const ann = stage.hire('Ann Lee');
    for (let cycle = 1; cycle <= 5; cycle += 1) {
      stage.directory.updateUser(ben, { jobTitle: `Title ${cycle}` });
      expect(attentionOf(await stage.sync(), ann)).toEqual([
        cycle < 5 ? 'unanswered: CreateUser' : 'parked: no-answer',
      ]);
    }
    const report = await stage.sync();
    expect(attentionOf(report, ann)).toEqual(['parked: no-answer']);
    const hits = bad.hits();
    expect(await stage.sync()).toMatchObject({ exitCode: 4, events: {}, people: { parked: 1 } });
    expect(bad.hits()).toBe(hits);
    bad.remove();
    expect((await stage.sync()).exitCode).toBe(4);
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 7, parked: 0 } });
    expect(stage.learnAmp.accounts()).toHaveLength(2 + 7);
    await stage.checkInvariants();
  });

  it('keeps those who depend on them, and nobody else: the manager stays until the reports are known to be with the new one', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 300 });
    const [old = '', fresh = '', report = '', other = ''] = stage.crew(8);
    stage.directory.setManager(report, old);
    await stage.sync();
    const account = stage.account(report).id;
    const bad = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      path: new RegExp(`/v1/users/${account}$`),
      action: { status: 500, body: {} },
    });
    stage.directory.setManager(report, fresh);
    stage.leave(old);
    stage.leave(other);
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 4 });
    expect([old, other].map((id) => stage.account(id).status === 'deactivated')).toEqual([false, true]);
    bad.remove();
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0 });
    expect(stage.account(old).status).toBe('deactivated');
    expect(stage.managerOf(report)?.id).toBe(stage.account(fresh).id);
    await stage.checkInvariants();
  });
});

describe('many different people without an answer in a row', () => {
  it('are Learn Amp and not one of them: the run ends, and nobody is parked for it', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 300 });
    stage.crew(3);
    await stage.sync();
    const people = stage.crew(40);
    const down = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      path: /\/v1\/users$/,
      action: { status: 500, body: {} },
    });
    for (let cycle = 0; cycle < 7; cycle += 1)
      expect(await stage.sync()).toMatchObject({ ok: false, exitCode: 1, error: { code: 'learn-amp-unreachable' } });
    expect(down.hits()).toBeLessThan(7 * 12);
    down.remove();
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { linked: 43 } });
    expect(stage.learnAmp.accounts()).toHaveLength(2 + 3 + people.length);
    await stage.checkInvariants();
  });
});
