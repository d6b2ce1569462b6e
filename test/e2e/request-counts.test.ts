import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { calm, openStage, type Stage } from '../support/stage.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/reference/requests.md', import.meta.url)), 'utf8');

/** What the page's table says of a row. */
const told = (what: string): number => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${what} `));
  const count = row?.split('|')[2]?.trim().replaceAll(',', '') ?? '';
  if (!/^\d+$/.test(count)) throw new Error(`docs/reference/requests.md has no number for "${what}".`);
  return Number(count);
};

const graph = { ...calm, pageSize: { min: 200, max: 200 }, sliceSize: { min: 1000, max: 1000 } };

/** Requests to Graph by what the next sync makes. */
const counted = async (stage: Stage): Promise<number> => {
  stage.simulator.requests.reset();
  const report = await stage.sync();
  expect(report.ok).toBe(true);
  expect(report.requests.graph).toBe(stage.simulator.requests.count({ system: 'graph' }));
  return report.requests.graph;
};

const others = (stage: Stage, count: number): void => {
  for (let n = 0; n < count; n += 1)
    stage.directory.addUser({ displayName: `Other ${n}`, userPrincipalName: `other.${n}@fabrikam.example` });
};

describe('requests to Graph are as many as docs/reference/requests.md says', () => {
  it('for polls, changes and a subgroup', async () => {
    const stage = await openStage({ graph, storage: 'memory' });
    const { directory } = stage;
    const crew = stage.crew(5);
    const subgroup = directory.addGroup({ displayName: 'Contractors' });
    const many = stage.crew(1_000, {}, subgroup);
    await stage.sync();
    // As it is from the first day on: a full cycle packs the cursors.
    await stage.sync({ full: true });
    expect(await counted(stage)).toBe(told('an idle poll'));
    directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    expect(await counted(stage)).toBe(told('one change of a person'));
    // Their accounts wait for approval: so many at once are not made without a person.
    directory.nestGroup(directory.scopeGroupId, subgroup);
    expect(await counted(stage)).toBe(told('a subgroup of 1,000 people attached'));
    expect((await stage.engine().status()).people.inScope).toBe(1_005);
    expect(await counted(stage)).toBe(told('an idle poll') + 1);
    for (const userId of many) directory.updateUser(userId, { jobTitle: 'Writer' });
    const changes = await counted(stage);
    expect(changes).toBe(told('1,000 people changed within one window'));
    expect(changes).toBeLessThan(1_000);
  }, 240_000);

  it.each([
    ['first sync of 10,000 people in a tenant of 100,000', 10_000, 100_000],
    ['first sync of 500 people in a tenant of 200,000', 500, 200_000],
  ])(
    'for a %s, of which nobody else is read',
    async (what, people, tenant) => {
      const stage = await openStage({ graph, storage: 'memory', accessLog: 'off' });
      const crew = new Set(stage.crew(people));
      others(stage, tenant - people);
      // Up to the moment when somebody is asked whether it may be sent: that is all there is to read.
      const report = await stage.engine().sync({ confirmFirstSync: () => Promise.resolve(false) });
      expect(report).toMatchObject({ error: { code: 'declined' }, people: { inScope: people } });
      expect(report.requests.graph).toBe(told(what));
      const batches = stage.simulator.requests.matching({ system: 'graph', path: /\$batch$/ });
      const read = batches.flatMap(({ items }) => items.map(({ path }) => /users\/([^/?]+)/.exec(path)?.[1] ?? ''));
      expect(read).toHaveLength(people);
      expect(read.every((userId) => crew.has(userId))).toBe(true);
      expect(stage.newWrites()).toEqual([]);
    },
    600_000,
  );
});
