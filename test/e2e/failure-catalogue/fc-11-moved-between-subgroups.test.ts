import { expect, it } from 'vitest';
import { facts, none } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it.each([1, 2, 3])(
  'FC-11 a move from one subgroup to another is no leave, whichever page says which half first (seed %i)',
  async (seed) => {
    const stage = await openStage({
      seed,
      graph: { pageSize: { min: 1, max: 1 }, sliceSize: { min: 1, max: 1 }, replays: false, duplicates: false },
      storage: 'memory',
    });
    const { directory } = stage;
    const [sales, marketing] = ['Sales', 'Marketing'].map((displayName) => directory.addGroup({ displayName }));
    if (sales === undefined || marketing === undefined) throw new Error('no groups');
    for (const group of [sales, marketing]) directory.nestGroup(directory.scopeGroupId, group);
    const movers = stage.crew(6, {}, sales);
    await stage.sync();
    stage.newWrites();

    for (const id of movers) {
      directory.removeMember(sales, id);
      directory.addMember(marketing, id);
    }
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 6, linked: 6 } });
    expect(facts(report)).toEqual({ GroupMemberRemoved: 6, GroupMemberAdded: 6 });
    expect(stage.newWrites()).toEqual([]);
  },
);

type Entry = { readonly id: string; readonly 'members@delta'?: ReadonlyArray<unknown> };

it.each(['the removal', 'the addition'] as const)(
  'FC-11 one page that tells both halves is no leave: %s first',
  async (first) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const { directory, simulator } = stage;
    const [sales = '', marketing = ''] = ['Sales', 'Marketing'].map((displayName) =>
      directory.addGroup({ displayName }),
    );
    for (const group of [sales, marketing]) directory.nestGroup(directory.scopeGroupId, group);
    const movers = stage.crew(6, {}, sales);
    await stage.sync();
    stage.newWrites();
    for (const id of movers) {
      directory.removeMember(sales, id);
      directory.addMember(marketing, id);
    }
    const order = first === 'the removal' ? [sales, marketing] : [marketing, sales];
    const told: ReadonlyArray<string>[] = [];
    simulator.faults.add({
      system: 'graph',
      path: /\/groups\/.*delta/,
      action: {
        rewrite: (response) => {
          const body = response.body as { readonly value: ReadonlyArray<Entry> };
          const value = body.value.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
          told.push(value.flatMap((entry) => (entry['members@delta'] === undefined ? [] : [entry.id])));
          return { ...response, body: { ...body, value } };
        },
      },
    });
    const report = await stage.sync();
    expect(told).toEqual([order]);
    expect(report).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 6, linked: 6 } });
    expect(facts(report)).toEqual({ GroupMemberRemoved: 6, GroupMemberAdded: 6 });
    expect(stage.newWrites()).toEqual([]);
  },
);

it('FC-11 holds where the two groups are followed by different cursors', async () => {
  const stage = await openStage({ storage: 'memory' });
  const { directory } = stage;
  const groups = Array.from({ length: 60 }, (_, n) => directory.addGroup({ displayName: `Shift ${n}` }));
  for (const group of groups) directory.nestGroup(directory.scopeGroupId, group);
  const movers = groups.map((group) => [group, stage.crew(1, {}, group)[0] ?? ''] as const);
  await stage.sync();
  stage.newWrites();
  for (const [index, [from, id]] of movers.entries()) {
    directory.removeMember(from, id);
    directory.addMember(groups[(index + 17) % groups.length] ?? from, id);
  }
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 60 } });
  expect(facts(report)).toEqual({ GroupMemberRemoved: 60, GroupMemberAdded: 60 });
  expect(stage.newWrites()).toEqual([]);
});

it('FC-11 the removal in one round and the addition in the next are a leave that a second read contradicts: nothing is sent', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const { directory, simulator } = stage;
  const [sales = '', marketing = ''] = ['Sales', 'Marketing'].map((displayName) => directory.addGroup({ displayName }));
  for (const group of [sales, marketing]) directory.nestGroup(directory.scopeGroupId, group);
  stage.crew(20);
  const [ann = ''] = stage.crew(1, {}, sales);
  await stage.sync();
  stage.newWrites();
  directory.removeMember(sales, ann);
  directory.addMember(marketing, ann);
  // The group she is in now is told by the next round only.
  type Body = { readonly value: ReadonlyArray<{ readonly id: string }> };
  const late = simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        return { ...response, body: { ...body, value: body.value.filter(({ id }) => id !== marketing) } };
      },
    },
  });
  const between = await stage.sync();
  expect(facts(between)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveUnconfirmed: 1 });
  expect(between.commands).toEqual({});
  late.remove();
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 21, linked: 21, held: 0 } });
  expect(stage.newWrites()).toEqual([]);
});
