import { describe, expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

describe('nested groups', () => {
  it('count at any depth, through diamonds and rings, once for each person', async () => {
    const stage = await openStage();
    const { directory } = stage;
    const { europe, americas, falcon } = stage.simulator.company.groups;
    let deepest = falcon;
    for (let depth = 0; depth < 60; depth += 1) {
      const next = directory.addGroup({ displayName: `Level ${depth}` });
      directory.nestGroup(deepest, next);
      deepest = next;
    }
    directory.nestGroup(deepest, europe);
    const ann = stage.hire('Ann Lee', {}, deepest);
    for (const group of [europe, americas, falcon]) directory.addMember(group, ann);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect((await stage.sync()).events).toEqual({});
  });

  it('attached bring their people, detached lose those who are nowhere else', async () => {
    const stage = await openStage();
    const { directory } = stage;
    const { contractors } = stage.simulator.company.groups;
    stage.crew(12);
    const both = stage.hire('Both Ways');
    directory.addMember(contractors, both);
    const temps = stage.crew(3, {}, contractors);
    await stage.sync();
    expect(stage.accountOf(temps[0] ?? '')).toBeUndefined();

    directory.nestGroup(directory.scopeGroupId, contractors);
    const attached = await stage.sync();
    expect(facts(attached)).toMatchObject({ GroupMemberAdded: 5, UserJoinedGroup: 3 });
    for (const id of temps) expect(stage.account(id).status).toBe('not_invited');

    directory.detachGroup(directory.scopeGroupId, contractors);
    const detached = await stage.sync();
    expect(facts(detached)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 3, LeaveConfirmed: 3 });
    for (const id of temps) expect(stage.account(id).status).toBe('deactivated');
    expect(stage.account(both).status).toBe('not_invited');

    directory.nestGroup(directory.scopeGroupId, contractors);
    expect(succeeded(await stage.sync())).toMatchObject({ ReactivateUser: 3 });
    for (const id of temps) expect(stage.account(id).status).not.toBe('deactivated');
  });

  it('show the way by which somebody is in scope', async () => {
    const stage = await openStage();
    const { europe, berlin, interns } = stage.simulator.company.groups;
    const ann = stage.hire('Ann Lee', {}, interns);
    await stage.sync();
    const people = [];
    for await (const person of stage.engine().people()) people.push(person);
    expect(people).toMatchObject([
      { userId: ann, status: 'active', groupPath: [stage.directory.scopeGroupId, europe, berlin, interns] },
    ]);
  });

  it('with more members of the closure than one cursor may follow are all followed', async () => {
    const stage = await openStage();
    const { directory } = stage;
    const groups = Array.from({ length: 120 }, (_, n) => directory.addGroup({ displayName: `Shift ${n}` }));
    for (const group of groups) directory.nestGroup(directory.scopeGroupId, group);
    const ann = stage.hire('Ann Lee', {}, groups[119]);
    await stage.sync();
    expect(stage.account(ann).status).toBe('not_invited');
    const ben = stage.hire('Ben Ode', {}, groups[60]);
    await stage.sync();
    expect(stage.account(ben).status).toBe('not_invited');
    const { cursors } = await stage.engine().status();
    expect(cursors.length).toBeGreaterThan(2);
  });
});
