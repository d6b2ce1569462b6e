import { expect, it } from 'vitest';
import { facts, none } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

/** So many empty pages in a row before the server comes to the point. */
const padded = (stage: Stage, source: 'users' | 'groups', count: number): void => {
  const { simulator } = stage;
  let real: unknown;
  const nextLink = (n: number): string => `${simulator.graphUrl}/${source}/delta?$skiptoken=empty-${n}`;
  const empty = (n: number) => ({ value: [], '@odata.nextLink': nextLink(n) });
  const skip = (query: URLSearchParams): number | undefined => {
    const token = query.get('$skiptoken') ?? '';
    return token.startsWith('empty-') ? Number(token.slice(6)) : undefined;
  };
  const path = new RegExp(`/${source}/.*delta`);
  simulator.faults.add({
    system: 'graph',
    path,
    match: ({ query }) => skip(query) !== undefined,
    action: {
      rewrite: (_response, { query }) => {
        const n = skip(query) ?? 0;
        return { status: 200, headers: {}, body: n < count ? empty(n + 1) : real };
      },
    },
  });
  simulator.faults.add({
    system: 'graph',
    path,
    match: ({ query }) => [...query.keys()].some((name) => name.toLowerCase() === '$deltatoken'),
    action: {
      rewrite: (response) => {
        real = response.body;
        return { ...response, body: empty(1) };
      },
    },
  });
};

it('FC-25 dozens of empty pages in a row end nothing: the round goes on to its delta link', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(12);
  await stage.sync();
  const { cursors } = await stage.engine().status();
  stage.newWrites();
  padded(stage, 'users', 40);
  padded(stage, 'groups', 40);
  stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
  stage.leave(crew[1] ?? '');
  const ann = stage.hire('Ann Lee');
  stage.simulator.requests.reset();
  const report = await stage.sync();
  expect(stage.simulator.requests.count({ system: 'graph', path: /delta/ })).toBe(41 * cursors.length);
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 12, linked: 12 } });
  expect(facts(report)).toMatchObject({
    JobTitleChanged: 1,
    GroupMemberAdded: 1,
    GroupMemberRemoved: 1,
    UserJoinedGroup: 1,
    UserLeftGroup: 1,
  });
  expect(stage.account(crew[0] ?? '').jobTitle).toBe('Writer');
  expect(stage.account(crew[1] ?? '').status).toBe('deactivated');
  expect(stage.account(ann).status).toBe('not_invited');
  // Nothing but empty pages: nothing is appended.
  expect((await stage.sync()).events).toEqual({});
});

it('FC-25 empty pages between others, as the server likes, in a first and in a full round', async () => {
  const stage = await openStage({
    seed: 5,
    graph: { emptyPages: true, pageSize: { min: 1, max: 2 } },
    storage: 'memory',
  });
  stage.crew(12);
  await stage.sync();
  for (let round = 0; round < 4; round += 1) {
    const report = await stage.sync({ full: true });
    expect(report).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 12, linked: 12 } });
  }
});
