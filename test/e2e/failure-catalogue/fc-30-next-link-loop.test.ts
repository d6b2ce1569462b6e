import { expect, it } from 'vitest';
import { none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Resource = 'users' | 'groups';
type Body = Readonly<Record<string, unknown>> & { readonly value: ReadonlyArray<unknown> };

const path = (resource: Resource): RegExp => new RegExp(`/${resource}/.*delta`);

const tokenIn = (query: URLSearchParams): string => [...query.values()].at(-1) ?? '';

/** What the round has to tell stands on its first page; after that the service leads round and round. */
const loop = (
  stage: Stage,
  resource: Resource,
  { next, told }: { readonly next: (n: number) => number; readonly told: 'nothing' | 'the same' },
) => {
  const { simulator } = stage;
  let first: ReadonlyArray<unknown> = [];
  const link = (n: number): string => `${simulator.graphUrl}/${resource}/delta?$skiptoken=loop-${n}`;
  const asked: string[] = [];
  const fault = simulator.faults.add({
    system: 'graph',
    path: path(resource),
    match: ({ query }) => tokenIn(query) !== 'latest',
    action: {
      rewrite: (response, { query }) => {
        const token = tokenIn(query);
        asked.push(token);
        const n = /^loop-(\d+)$/.exec(token)?.[1];
        const headers = response.headers;
        if (n !== undefined) {
          const value = told === 'nothing' ? [] : first;
          return { status: 200, headers, body: { value, '@odata.nextLink': link(next(Number(n))) } };
        }
        first = (response.body as Body).value;
        return { status: 200, headers, body: { value: first, '@odata.nextLink': link(1) } };
      },
    },
  });
  return { asked, remove: fault.remove };
};

const loops = {
  'back to its own page': { next: () => 1, told: 'nothing' },
  'in a circle of three': { next: (n: number) => (n % 3) + 1, told: 'nothing' },
  'on to empty pages without end': { next: (n: number) => n + 1, told: 'nothing' },
  'on to the same objects without end': { next: (n: number) => n + 1, told: 'the same' },
} as const;

const cases = (['users', 'groups'] as const).flatMap((resource) =>
  (Object.keys(loops) as ReadonlyArray<keyof typeof loops>).map((how) => [resource, how] as const),
);

it.each(cases)(
  'FC-30 %s/delta that leads %s ends the round after bounded work; the next attempt starts from the last delta link',
  async (resource, how) => {
    const stage = await openStage({ graph: calm });
    const [ann = '', bea = ''] = stage.crew(6, { jobTitle: 'Engineer' });
    await stage.sync();
    stage.newWrites();
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.leave(bea);
    const looping = loop(stage, resource, loops[how]);
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-protocol' }, commands: none });
    expect(report.events).not.toHaveProperty('UserLeftGroup');
    expect(report.events['SyncAborted']).toBe(1);
    expect(looping.asked.length).toBeLessThanOrEqual(1_003);
    expect(stage.newWrites()).toEqual([]);

    // Tried again, it starts where the last complete round ended, and never in the middle of the loop.
    const [start] = looping.asked;
    looping.asked.length = 0;
    expect((await stage.sync()).exitCode).toBe(1);
    expect(looping.asked[0]).toBe(start);
    expect(start).not.toMatch(/^loop/);

    looping.remove();
    const after = await stage.sync();
    expect(after).toMatchObject({ exitCode: 0, people: { inScope: 5, linked: 5 } });
    expect(succeeded(after)).toEqual({ UpdateProfile: 1, DeactivateUser: 1 });
    expect(stage.account(ann).jobTitle).toBe('Architect');
    expect((await stage.sync()).events).toEqual({});
  },
  60_000,
);

it.each(['users', 'groups'] as const)(
  'FC-30 a first read of %s/delta that loops is started again from the beginning',
  async (resource) => {
    const stage = await openStage({ graph: calm });
    stage.crew(6);
    const looping = loop(stage, resource, loops['in a circle of three']);
    expect(await stage.sync()).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-protocol' } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    looping.asked.length = 0;
    expect((await stage.sync()).exitCode).toBe(1);
    expect(looping.asked[0]).not.toMatch(/^loop/);
    looping.remove();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
  },
);

it('FC-30 a large group over a thousand pages of one object each is no loop', async () => {
  const stage = await openStage({
    graph: { ...calm, sliceSize: { min: 1, max: 1 }, pageSize: { min: 1, max: 1 } },
    storage: 'memory',
  });
  for (let n = 0; n < 1_100; n += 1)
    stage.directory.addMember(stage.directory.scopeGroupId, stage.directory.addThing('device', `Laptop ${n}`));
  stage.crew(3);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 3, linked: 3 } });
  expect(stage.simulator.requests.count({ system: 'graph', path: path('groups') })).toBeGreaterThan(1_100);
  const added = await stage.events('GroupMemberAdded');
  const { scopeGroupId } = stage.directory;
  expect(added.filter(({ data }) => (data as { readonly groupId: string }).groupId === scopeGroupId)).toHaveLength(
    stage.directory.group(scopeGroupId).memberIds.size,
  );
});

it('FC-30 pages without end that tell something new each time end the cycle after some hours, and the next one goes on', async () => {
  let at = Date.parse('2026-03-02T08:00:00Z');
  const stage = await openStage({ graph: { ...calm, pageSize: { min: 1, max: 1 } }, now: () => new Date(at) });
  const crew = stage.crew(12, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  for (const userId of crew) stage.directory.updateUser(userId, { jobTitle: 'Architect' });
  const slow = stage.simulator.faults.add({
    system: 'graph',
    path: path('users'),
    action: {
      rewrite: (response) => {
        at += 3_600_000;
        return response;
      },
    },
  });
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 1, error: { code: 'graph-protocol' }, events: { JobTitleChanged: 7 } });
  expect(report.error?.message).toMatch(/did not come to its end in 6 hours/);
  expect(slow.hits()).toBe(7);
  expect(stage.newWrites()).toEqual([]);
  slow.remove();
  const next = await stage.sync();
  expect(next).toMatchObject({ exitCode: 0, events: { JobTitleChanged: 5 } });
  expect(succeeded(next)).toEqual({ UpdateProfile: 12 });
});
