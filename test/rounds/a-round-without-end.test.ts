import { expect, it, vi } from 'vitest';
import type * as RoundBounds from '../../packages/engine/src/observe/round-bounds.js';
import { none, succeeded } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

// Two hundred thousand pages through HTTP would take minutes: here each counts as five thousand.
vi.mock('../../packages/engine/src/observe/round-bounds.js', async (original) => {
  const bounds = await original<typeof RoundBounds>();
  const boundReached: typeof bounds.boundReached = (span) =>
    bounds.boundReached({ ...span, pages: span.pages * 5_000 });
  return { ...bounds, boundReached };
});

const MOST = 40;

type Resource = 'users' | 'groups';
type Body = Readonly<Record<string, unknown>> & { readonly value: ReadonlyArray<Readonly<Record<string, unknown>>> };

const tokenIn = (query: URLSearchParams): string => [...query.values()].at(-1) ?? '';

/** What there is to tell stands on the first page; each page after it tells something that none before it did. */
const endless = ({ simulator }: Stage, resource: Resource) => {
  const asked: string[] = [];
  const link = (n: number): string => `${simulator.graphUrl}/${resource}/delta?$skiptoken=more-${n}`;
  const fault = simulator.faults.add({
    system: 'graph',
    path: new RegExp(`/${resource}/.*delta`),
    match: ({ query }) => tokenIn(query) !== 'latest',
    action: {
      rewrite: (response, { query }) => {
        const token = tokenIn(query);
        asked.push(token);
        const n = Number(/^more-(\d+)$/.exec(token)?.[1] ?? 0);
        const id = `ffffffff-0000-4000-8000-${String(n).padStart(12, '0')}`;
        const value = n === 0 ? (response.body as Body).value : [{ id }];
        return { status: 200, headers: response.headers, body: { value, '@odata.nextLink': link(n + 1) } };
      },
    },
  });
  return { asked, remove: fault.remove };
};

it.each(['users', 'groups'] as const)(
  'FC-30 %s/delta that has something new on page after page is given up at the bound: nobody leaves by it, and it begins again from the last delta link',
  async (resource) => {
    const stage = await openStage({ graph: calm });
    const [ann = '', bea = ''] = stage.crew(6, { jobTitle: 'Engineer' });
    await stage.sync();
    stage.newWrites();
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    stage.leave(bea);
    const { asked, remove } = endless(stage, resource);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 1, error: { code: 'graph-protocol' }, commands: none });
    expect(report.error?.message).toContain(`Microsoft Graph's ${resource} has 200000 pages and no end`);
    expect(report.events).not.toHaveProperty('UserLeftGroup');
    expect(asked).toHaveLength(MOST);
    const [start = ''] = asked;

    // Again, in other processes: from the same link, and as far.
    for (const nth of [2, 3]) {
      await stage.reopen();
      asked.length = 0;
      const again = await stage.sync();
      expect(again.exitCode).toBe(1);
      expect(asked).toEqual([start, ...Array.from({ length: MOST - 1 }, (_, n) => `more-${n + 1}`)]);
      expect(again.restartedRounds?.map(({ starts }) => starts)).toEqual(nth < 3 ? undefined : [nth]);
    }
    expect(stage.newWrites()).toEqual([]);

    // And a full one from the beginning: it decides nothing by who is absent from what it saw.
    const full = await stage.sync({ full: true });
    expect(full).toMatchObject({ exitCode: 1, commands: none });
    expect(full.events).not.toHaveProperty('UserLeftGroup');

    remove();
    const after = await stage.sync();
    expect(after).toMatchObject({ exitCode: 0, people: { inScope: 5, linked: 5 } });
    expect(succeeded(after)).toEqual({ UpdateProfile: 1, DeactivateUser: 1 });
    expect((await stage.sync()).events).toEqual({});
  },
);
