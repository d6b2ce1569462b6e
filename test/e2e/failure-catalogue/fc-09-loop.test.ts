import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-09 groups in a ring bring each person once, and a ring that is cut off lets go exactly those it held alone', async () => {
  const stage = await openStage({ graph: calm });
  const { directory } = stage;
  const [a, b, c] = ['A', 'B', 'C'].map((displayName) => directory.addGroup({ displayName }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no groups');
  directory.nestGroup(directory.scopeGroupId, a);
  directory.nestGroup(a, b);
  directory.nestGroup(b, c);
  directory.nestGroup(c, a);
  directory.nestGroup(b, b);
  stage.crew(12);
  const ann = stage.hire('Ann Lee', {}, b);
  const ben = stage.hire('Ben Ode', {}, c);
  directory.addMember(directory.scopeGroupId, ben);
  const first = await stage.sync();
  expect(first).toMatchObject({ exitCode: 0, people: { inScope: 14, linked: 14 } });
  // The company's six nested groups, the ring's five edges, fifteen memberships.
  expect(facts(first)).toMatchObject({ GroupMemberAdded: 26, UserJoinedGroup: 14 });
  expect(succeeded(first)).toEqual({ CreateUser: 14 });
  expect((await stage.sync()).events).toEqual({});

  directory.detachGroup(directory.scopeGroupId, a);
  const cut = await stage.sync();
  expect(facts(cut)).toEqual({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveConfirmed: 1, CommandSucceeded: 1 });
  expect(stage.account(ann).status).toBe('deactivated');
  expect(stage.account(ben).status).toBe('not_invited');

  directory.nestGroup(a, directory.scopeGroupId);
  directory.nestGroup(directory.scopeGroupId, c);
  const again = await stage.sync();
  expect(again).toMatchObject({ exitCode: 0, people: { inScope: 14, linked: 14 } });
  // A returner gets everything again: nobody looked at the account while it slept.
  expect(succeeded(again)).toEqual({ ReactivateUser: 1, UpdateProfile: 1 });
});

it('FC-09 a chain of sixty groups that ends where it began is read to its end', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const { directory } = stage;
  let parent = directory.scopeGroupId;
  for (let depth = 0; depth < 60; depth += 1) {
    const child = directory.addGroup({ displayName: `Level ${depth}` });
    directory.nestGroup(parent, child);
    parent = child;
  }
  directory.nestGroup(parent, directory.scopeGroupId);
  const ann = stage.hire('Ann Lee', {}, parent);
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
  expect(stage.account(ann).status).toBe('not_invited');
});

it.each([200, 400])(
  'FC-09 a chain of 300 groups is read fifty groups to a cursor and repacked by the full cycle (index answers %i)',
  async (status) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const { directory, simulator } = stage;
    const others = directory.groups().length;
    const depth = status === 200 ? 300 : 12;
    let parent = directory.scopeGroupId;
    for (let level = 0; level < depth; level += 1) {
      const child = directory.addGroup({ displayName: `Level ${level}` });
      directory.nestGroup(parent, child);
      parent = child;
    }
    stage.hire('Ann Lee', {}, parent);
    // Where the index does not answer, the chain is followed link by link all the same.
    if (status !== 200)
      simulator.faults.add({
        path: /transitiveMembers/,
        action: { status, body: { error: { code: 'x', message: 'x' } } },
      });
    // The users have one of their own.
    const cursors = async () => (await stage.engine().status()).cursors.length - 1;
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
    const groups = depth + others;
    if (status === 200) expect(await cursors()).toBe(1 + Math.ceil((groups - 1) / 50));
    await stage.sync({ full: true });
    expect(await cursors()).toBe(Math.ceil(groups / 50));
    simulator.requests.reset();
    expect((await stage.sync()).events).toEqual({});
    expect(simulator.requests.count({ system: 'graph' })).toBe(Math.ceil(groups / 50) + 1);
  },
);
