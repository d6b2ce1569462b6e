import type { SimulatedResponse } from '@learnamp/directory-sync-simulator';
import { describe, expect, it } from 'vitest';
import { calm, openStage, type Stage } from '../support/stage.js';

const MANY = 10_000;
const stranger = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
const numbers = Array.from({ length: MANY }, (_, n) => n);

/** Puts so many more behind what a page lists. */
const crowded =
  (more: ReadonlyArray<object>) =>
  (response: SimulatedResponse): SimulatedResponse => {
    const body = response.body as Readonly<Record<string, ReadonlyArray<object> | undefined>>;
    const name = ['value', 'users'].find((each) => Array.isArray(body[each]));
    return name === undefined ? response : { ...response, body: { ...body, [name]: [...(body[name] ?? []), ...more] } };
  };

/** Everybody of the crew has one account, nobody else has, and the next cycle has nothing to do. */
const inStep = async (stage: Stage, crew: ReadonlyArray<string>): Promise<void> => {
  const linked = crew.map((userId) => stage.account(userId).id);
  expect(new Set(linked).size).toBe(crew.length);
  expect(await stage.engine().status()).toMatchObject({ people: { inScope: crew.length } });
  expect(await stage.sync()).toMatchObject({ ok: true, events: {}, commands: {} });
};

describe('ten thousand entries on one page', () => {
  it('of people of the tenant who are not in the group: nothing is recorded of them', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = stage.crew(6);
    const people = numbers.map((n) => ({
      id: stranger(n),
      userPrincipalName: `s${n}@fabrikam.example`,
      accountEnabled: true,
    }));
    stage.simulator.faults.add({ system: 'graph', path: /users\/delta/, action: { rewrite: crowded(people) } });
    const { ok, events } = await stage.sync();
    expect([ok, events.UserJoinedGroup]).toEqual([true, crew.length]);
    await inStep(stage, crew);
  });

  it('of removed members that nobody ever met: history, not news', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = stage.crew(6);
    await stage.sync();
    const members = numbers.map((n) => ({
      '@odata.type': '#microsoft.graph.user',
      id: stranger(n),
      '@removed': { reason: 'deleted' },
    }));
    stage.leave(crew[0] ?? '');
    stage.simulator.faults.add({
      system: 'graph',
      path: /groups\/delta/,
      times: 1,
      action: {
        rewrite: (response) => {
          const body = response.body as { readonly value: ReadonlyArray<Record<string, unknown>> };
          const value = body.value.map((group) => ({
            ...group,
            'members@delta': [...((group['members@delta'] as ReadonlyArray<object> | undefined) ?? []), ...members],
          }));
          return { ...response, body: { ...body, value } };
        },
      },
    });
    const { ok, events } = await stage.sync();
    expect([ok, events.UserLeftGroup, events.GroupMemberRemoved]).toEqual([true, 1, 1]);
    await inStep(stage, crew.slice(1));
  });

  it('of accounts of Learn Amp that nobody in the directory has: they are left as they are', async () => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = stage.crew(6);
    const accounts = numbers.map((n) => ({
      id: 1_000_000 + n,
      email: `other${n}@elsewhere.example`,
      status: 'active',
    }));
    stage.simulator.faults.add({ system: 'learnAmp', path: /users/, times: 1, action: { rewrite: crowded(accounts) } });
    const { ok, commands } = await stage.sync();
    expect([ok, commands.DeactivateUser]).toEqual([true, undefined]);
    await inStep(stage, crew);
  });
});
