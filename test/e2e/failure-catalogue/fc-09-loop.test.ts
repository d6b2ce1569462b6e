import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

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

/** Groups of which each stands in the one before, the first in the scope group. Returns the last. */
const chain = ({ directory }: Stage, depth: number): string => {
  let parent = directory.scopeGroupId;
  for (let level = 0; level < depth; level += 1) {
    const child = directory.addGroup({ displayName: `Level ${level}` });
    directory.nestGroup(parent, child);
    parent = child;
  }
  return parent;
};

/** The users have one of their own. */
const groupCursors = async (stage: Stage): Promise<number> => (await stage.engine().status()).cursors.length - 1;

/** 10,000 in the release lane. */
const DEPTH = Number(process.env['DEPTH'] ?? 1_000);

it(
  `FC-09 a chain of ${DEPTH} groups is read fifty groups to a cursor, whatever is cut off at its end leaves, and a ring over all of them ends`,
  async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const { directory, simulator } = stage;
    const others = directory.groups().length;
    const last = chain(stage, DEPTH);
    const ann = stage.hire('Ann Lee', {}, last);
    stage.hire('Ben Ode');
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 2, linked: 2 } });
    const cursors = Math.ceil((DEPTH + others) / 50);
    expect(await groupCursors(stage)).toBe(cursors);
    // Not link by link: a page for each cursor, and eleven of the index at most.
    const pages = simulator.requests.count({ system: 'graph', path: /\/groups\/.*delta/ });
    expect(pages).toBe(cursors);

    directory.nestGroup(last, directory.scopeGroupId);
    expect(facts(await stage.sync())).toEqual({ GroupMemberAdded: 1 });
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 2 } });
    expect(await groupCursors(stage)).toBe(cursors);
    simulator.requests.reset();
    expect((await stage.sync()).events).toEqual({});
    expect(simulator.requests.count({ system: 'graph' })).toBe(cursors + 1);

    directory.removeMember(last, ann);
    expect(facts(await stage.sync())).toMatchObject({ UserLeftGroup: 1, LeaveConfirmed: 1 });
    expect(stage.account(ann).status).toBe('deactivated');
  },
  DEPTH * 60,
);

it('FC-09 a chain is followed link by link where the index does not answer', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const { simulator, directory } = stage;
  const groups = directory.groups().length + 12;
  stage.hire('Ann Lee', {}, chain(stage, 12));
  const index = simulator.faults.add({
    path: /transitiveMembers/,
    action: { status: 400, body: { error: { code: 'x', message: 'x' } } },
  });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
  expect(index.hits()).toBe(1);
  // A cursor for each level of it, until the daily full cycle packs them.
  expect(await groupCursors(stage)).toBeGreaterThan(Math.ceil(groups / 50));
  await stage.sync({ full: true });
  expect(await groupCursors(stage)).toBe(Math.ceil(groups / 50));
});
