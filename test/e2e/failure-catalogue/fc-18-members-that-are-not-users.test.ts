import { expect, it } from 'vitest';
import { facts } from '../../support/report.js';
import { calm, nobody, openStage, type Stage } from '../../support/stage.js';

type Member = Readonly<Record<string, unknown>> & { readonly id: string };
type Group = Readonly<Record<string, unknown>> & { readonly 'members@delta'?: ReadonlyArray<Member> };
type Body = { readonly value: ReadonlyArray<Group> };

/** Rewrites each entry of `members@delta`. */
const rewriteMembers = (stage: Stage, change: (member: Member) => Member) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        const value = body.value.map((group) =>
          group['members@delta'] === undefined
            ? group
            : { ...group, 'members@delta': group['members@delta'].map(change) },
        );
        return { ...response, body: { ...body, value } };
      },
    },
  });

const kinds = async (stage: Stage): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await stage.events('GroupMemberAdded')).map(({ data }) => {
      const { memberId, kind } = data as { readonly memberId: string; readonly kind: string };
      return [memberId, kind];
    }),
  );

const things = (stage: Stage): ReadonlyArray<string> =>
  (['device', 'servicePrincipal', 'orgContact'] as const).map((kind) => {
    const id = stage.directory.addThing(kind, `A ${kind}`);
    stage.directory.addMember(stage.directory.scopeGroupId, id);
    return id;
  });

it('FC-18 devices, service principals and contacts are members of kind other: no account, no command, no delay', async () => {
  const stage = await openStage({ graph: calm });
  const odd = things(stage);
  const [ann = ''] = stage.crew(3);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 3, linked: 3 }, attention: [] });
  expect(facts(report)['UserJoinedGroup']).toBe(3);
  const known = await kinds(stage);
  for (const id of odd) expect(known.get(id)).toBe('other');
  expect(known.get(ann)).toBe('user');
  for (const id of odd) stage.directory.removeMember(stage.directory.scopeGroupId, id);
  const left = await stage.sync();
  expect(facts(left)).toEqual({ GroupMemberRemoved: 3 });
  expect(left.commands).toEqual({});
});

it('FC-18 a type that does not exist yet is of kind other, and nobody waits for it', async () => {
  const stage = await openStage({ graph: calm });
  const [robot = ''] = things(stage);
  stage.crew(2);
  rewriteMembers(stage, (member) =>
    member.id === robot ? { ...member, '@odata.type': '#microsoft.graph.agentIdentity' } : member,
  );
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 2, linked: 2 }, attention: [] });
  expect((await kinds(stage)).get(robot)).toBe('other');
});

it.each([
  ['left out', (member: Member): Member => ({ id: member.id, '@removed': member['@removed'] })],
  ['null', (member: Member): Member => ({ ...member, '@odata.type': null })],
  ['directoryObject', (member: Member): Member => ({ ...member, '@odata.type': '#microsoft.graph.directoryObject' })],
])(
  'FC-18 a type that is %s is read, never guessed: people join, nested groups open, things stay things',
  async (_, change) => {
    const stage = await openStage({ graph: calm, company: { ...nobody, outsiders: 30 } });
    rewriteMembers(stage, change);
    const odd = things(stage);
    const nested = stage.directory.addGroup({ displayName: 'Nested' });
    stage.directory.nestGroup(stage.directory.scopeGroupId, nested);
    const ann = stage.hire('Ann Lee');
    const bea = stage.hire('Bea Boss', {}, nested);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 2, linked: 2 } });
    const known = await kinds(stage);
    expect(odd.map((id) => known.get(id))).toEqual(['other', 'other', 'other']);
    expect([ann, bea, nested].map((id) => known.get(id))).toEqual(['user', 'user', 'group']);
    expect((await stage.sync()).events).toEqual({});
  },
);

it('FC-18 a type that cannot be read now is asked for again: nothing is taken for a person or for nobody', async () => {
  const stage = await openStage({ graph: calm, patienceMs: 250 });
  await stage.sync();
  rewriteMembers(stage, ({ id }) => ({ id }));
  const ann = stage.hire('Ann Lee');
  const forbidden = stage.simulator.faults.add({
    system: 'graph',
    match: ({ inBatch, path }) => inBatch && path.includes(ann),
    action: { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: '' } } },
  });
  const report = await stage.sync();
  expect(forbidden.hits()).toBeGreaterThan(0);
  expect(report).toMatchObject({ exitCode: 1, people: { inScope: 0 } });
  expect((await kinds(stage)).has(ann)).toBe(false);
  forbidden.remove();
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 1, linked: 1 } });
});
