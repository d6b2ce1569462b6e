import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Member = Readonly<Record<string, unknown>> & { readonly id: string };
type Group = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly 'members@delta'?: ReadonlyArray<Member>;
};
type Told = 'out, then in' | 'in, then out and in' | 'both markers in one entry';

const out = (id: string): Member => ({ '@odata.type': '#microsoft.graph.user', id, '@removed': { reason: 'deleted' } });
const back = (id: string): Member => ({ '@odata.type': '#microsoft.graph.user', id });

const tellings: Readonly<Record<Told, (id: string) => ReadonlyArray<Member>>> = {
  'out, then in': (id) => [out(id), back(id)],
  'in, then out and in': (id) => [back(id), out(id), back(id)],
  // The id twice in one array of one entry of the group, the marker on one of them.
  'both markers in one entry': (id) => [back(id), out(id)],
};

/** The next delta of the scope group tells of these people so, in one entry, whatever else it says. */
const tell = (stage: Stage, userIds: ReadonlyArray<string>, as: Told) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    times: 1,
    action: {
      rewrite: (response) => {
        const body = response.body as { readonly value: ReadonlyArray<Group> };
        const entry = { id: stage.directory.scopeGroupId, 'members@delta': userIds.flatMap(tellings[as]) };
        return { ...response, body: { ...body, value: [...body.value, entry] } };
      },
    },
  });

const statuses = (stage: Stage, userIds: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(userIds.map((userId) => stage.account(userId).status));

const flip = (stage: Stage, userIds: ReadonlyArray<string>, where: 'out' | 'in'): void => {
  for (const userId of userIds)
    if (where === 'out') stage.leave(userId);
    else stage.directory.addMember(stage.directory.scopeGroupId, userId);
};

describe('FC-06 members flip out and back', () => {
  it('300 of them within one round: nothing is sent', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = stage.crew(300);
    await stage.sync();
    stage.newWrites();
    flip(stage, crew, 'out');
    flip(stage, crew, 'in');
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 300, linked: 300, held: 0 } });
    expect(report.commands).toEqual({});
    expect(stage.newWrites()).toEqual([]);
  });

  it.each(Object.keys(tellings) as ReadonlyArray<Told>)('told in one page, %s: nobody is deactivated', async (as) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = stage.crew(10);
    await stage.sync();
    stage.newWrites();
    const told = tell(stage, crew, as);
    stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    for (const full of [false, false, true]) {
      const report = await stage.sync({ full });
      expect(report.ok).toBe(true);
      // Whatever the last marker is taken for, a second read says that they are members: nobody goes.
      expect(report.commands.DeactivateUser).toBeUndefined();
    }
    expect(told.hits()).toBe(1);
    expect(stage.learnAmp.deactivations()).toEqual([]);
    expect(await stage.sync({ full: true })).toMatchObject({
      exitCode: 0,
      people: { inScope: 10, linked: 10, held: 0 },
    });
    expect(stage.account(crew[0] ?? '').jobTitle).toBe('Writer');
  });

  it('with a hold between: both facts are recorded in their order, and nothing is sent', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(30);
    await stage.sync();
    stage.newWrites();
    flip(stage, crew.slice(0, 20), 'out');
    const outside = await stage.sync();
    expect(outside).toMatchObject({ exitCode: 3, people: { held: 20 } });
    expect(facts(outside)).toMatchObject({ GroupMemberRemoved: 20, UserLeftGroup: 20 });
    await stage.reopen();
    flip(stage, crew.slice(0, 20), 'in');
    const inside = await stage.sync();
    expect(facts(inside)).toEqual({ GroupMemberAdded: 20, UserJoinedGroup: 20, HoldDissolved: 1 });
    expect(inside).toMatchObject({ exitCode: 0, people: { held: 0 } });
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  });

  it('without a hold between: deactivated, then reactivated with team, manager and details', async () => {
    const stage = await openStage({ graph: calm });
    const boss = stage.hire('Bea Boss', { department: 'Sales' });
    const crew = stage.crew(30, { department: 'Sales', jobTitle: 'Analyst' });
    const [ann = ''] = crew;
    stage.directory.setManager(ann, boss);
    await stage.sync();
    flip(stage, [ann], 'out');
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(stage.teamOf(ann)).toBeUndefined();
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    flip(stage, [ann], 'in');
    const report = await stage.sync();
    // Learn Amp takes an account out of its teams, and keeps its override; whichever is missing is set.
    expect(succeeded(report)).toMatchObject({ ReactivateUser: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
    expect(report.commands).not.toHaveProperty('CreateUser');
    expect(stage.teamOf(ann)).toBe('Sales');
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Writer' });
    expect(statuses(stage, [ann])).not.toContain('deactivated');
    expect(await stage.sync()).toMatchObject({ events: none });
    await stage.checkInvariants();
  });

  it.each([1, 3])('within %i rounds of grace, where the company wants that: nothing is sent', async (graceRounds) => {
    const stage = await openStage({ graph: calm, preferences: { graceRounds } });
    const crew = stage.crew(30);
    await stage.sync();
    flip(stage, crew.slice(0, 3), 'out');
    for (let round = 0; round < graceRounds; round += 1) expect((await stage.sync()).commands).toEqual({});
    flip(stage, crew.slice(0, 2), 'in');
    // The third has been out for as many rounds as were to be waited, and one more.
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(statuses(stage, crew.slice(0, 2))).not.toContain('deactivated');
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  });

  it('after an approval that was not delivered yet: the return wins', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(10);
    await stage.sync();
    flip(stage, crew.slice(0, 6), 'out');
    await stage.sync();
    await stage.engine().approveHeld(by('the rule is right'));
    flip(stage, crew.slice(0, 6), 'in');
    expect((await stage.sync()).commands).toEqual({});
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });
});
