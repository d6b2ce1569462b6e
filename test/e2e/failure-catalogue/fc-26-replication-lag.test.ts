import { expect, it } from 'vitest';
import { attentionOf, facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };
type Body = Readonly<Record<string, unknown>> & { readonly value: ReadonlyArray<Entry> };

const incremental = ({ query }: { readonly query: URLSearchParams }): boolean =>
  ![...query.values()].includes('latest') && !query.has('$select');

/** The next round of the users tells these, a page each: as replicas do that are not equally far. */
const pages = (stage: Stage, told: ReadonlyArray<Entry>): void => {
  let end: unknown;
  const link = (n: number): string => `${stage.simulator.graphUrl}/users/delta?$skiptoken=replica-${n}`;
  const page = (n: number) => ({
    value: told.slice(n, n + 1),
    ...(n < told.length - 1 ? { '@odata.nextLink': link(n + 1) } : { '@odata.deltaLink': end }),
  });
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/users\/.*delta/,
    match: incremental,
    times: told.length,
    action: {
      rewrite: (response, { query }) => {
        const n = /^replica-(\d+)$/.exec([...query.values()].at(-1) ?? '')?.[1];
        end = n === undefined ? (response.body as Body)['@odata.deltaLink'] : end;
        return { status: 200, headers: {}, body: page(Number(n ?? 0)) };
      },
    },
  });
};

const saying = (stage: Stage, id: string, jobTitle: string): Entry => {
  const { userPrincipalName, displayName } = stage.directory.user(id).properties;
  return { id, userPrincipalName, displayName, jobTitle };
};

it('FC-26 a round that still sees the old value appends nothing; the one that sees the new one is one change', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
  await stage.sync();
  pages(stage, [saying(stage, ann, 'Engineer')]);
  expect((await stage.sync()).events).toEqual({});
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(stage.account(ann).jobTitle).toBe('Architect');
});

it('FC-26 new, old, new within one round: a direct read decides, and it is one change and one command', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  pages(stage, [
    saying(stage, ann, 'Architect'),
    saying(stage, ann, 'Engineer'),
    saying(stage, ann, 'Architect'),
    saying(stage, ann, 'Architect'),
  ]);
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(stage.newWrites()).toHaveLength(1);
  expect(stage.account(ann).jobTitle).toBe('Architect');
});

it('FC-26 new, old, new in one round after the other: each change of what was said, once, and the new one stands', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  const replicas = ['Architect', 'Engineer', 'Architect', 'Architect'];
  const told = [];
  for (const jobTitle of replicas) {
    pages(stage, [saying(stage, ann, jobTitle)]);
    told.push((await stage.sync()).events['JobTitleChanged'] ?? 0);
  }
  expect(told).toEqual([1, 1, 1, 0]);
  expect(stage.account(ann).jobTitle).toBe('Architect');
  const full = await stage.sync({ full: true });
  expect(full.commands).toEqual({});
});

it('FC-26 a value that flips back within the round is superseded: no command', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(4, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  pages(stage, [saying(stage, ann, 'Architect'), saying(stage, ann, 'Engineer')]);
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 2 });
  expect(report.commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect((await stage.sync()).events).toEqual({});
});

/** A replica that has not heard of this membership yet. */
const staleGroups = (stage: Stage, id: string) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/groups\/.*delta/,
    action: {
      rewrite: (response) => {
        const body = response.body as { readonly value: ReadonlyArray<{ 'members@delta'?: ReadonlyArray<Entry> }> };
        const value = body.value.map((group) =>
          group['members@delta'] === undefined
            ? group
            : { ...group, 'members@delta': group['members@delta'].filter((member) => member.id !== id) },
        );
        return { ...response, body: { ...body, value } };
      },
    },
  });

it('FC-26 nobody is deactivated on one stale read: a full read without them is confirmed by a later one first', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6);
  await stage.sync();
  stage.newWrites();
  const stale = staleGroups(stage, ann);
  const report = await stage.sync({ full: true });
  expect(stale.hits()).toBeGreaterThan(0);
  expect(facts(report)).toMatchObject({ GroupMemberRemoved: 1, UserLeftGroup: 1, LeaveUnconfirmed: 1 });
  expect(attentionOf(report, ann)).toEqual([expect.stringContaining('leave-unconfirmed')]);
  stale.remove();
  expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
  expect(stage.learnAmp.deactivations()).toEqual([]);
  expect(stage.newWrites()).toEqual([]);
});

it.each([
  [0, 1],
  [2, 3],
])(
  'FC-26 a real leave is confirmed by as many later reads as the grace asks for (graceRounds %i)',
  async (graceRounds, reads) => {
    const stage = await openStage({ graph: calm, preferences: { graceRounds } });
    const [ann = ''] = stage.crew(6);
    await stage.sync();
    stage.leave(ann);
    for (let cycle = 1; cycle < reads; cycle += 1) {
      await stage.sync();
      expect(stage.learnAmp.deactivations()).toEqual([]);
    }
    await stage.sync();
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
  },
);

it('FC-26 an account that one replica does not know yet is asked for again, and joins when it is there', async () => {
  const stage = await openStage({ graph: calm, company: { people: 0, outsiders: 40 } });
  await stage.sync();
  const ann = stage.hire('Ann Lee');
  const lag = stage.simulator.faults.add({
    system: 'graph',
    match: ({ inBatch, path }) => inBatch && path.endsWith(ann),
    action: { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: '' } } },
  });
  const early = await stage.sync();
  expect(lag.hits()).toBeGreaterThan(1);
  expect(early.events).not.toHaveProperty('UserJoinedGroup');
  lag.remove();
  const report = await stage.sync();
  expect(facts(report)['UserJoinedGroup']).toBe(1);
  expect(stage.account(ann).status).toBe('not_invited');
});
