import { describe, expect, it } from 'vitest';
import { facts, none, succeeded } from '../support/report.js';
import { calm, openStage, type Stage } from '../support/stage.js';

/** What a round says of one thing contradicts itself, in any order, on pages and in slices of their own, some of them twice. */
const contradicting = (size: number) =>
  ({
    ...calm,
    contradictions: true,
    shuffle: true,
    duplicates: true,
    pageSize: { min: 1, max: size },
    sliceSize: { min: 1, max: size },
  }) as const;

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const addToScope = (stage: Stage, userId: string): void =>
  stage.directory.addMember(stage.directory.scopeGroupId, userId);

describe('members who are told both ways in one round', () => {
  it.each(seeds)('are where a direct read finds them, in that very sync (seed %i)', async (seed) => {
    const stage = await openStage({ seed, graph: contradicting((seed % 3) + 1), storage: 'memory' });
    const stayed = stage.crew(6);
    const left = stage.crew(3);
    await stage.sync();
    const strangers = Array.from({ length: 3 }, (_, index) =>
      stage.directory.addUser({
        displayName: `Strange ${index}`,
        userPrincipalName: `strange${index}@fabrikam.example`,
        givenName: 'Strange',
        surname: `${index}`,
      }),
    );
    for (const userId of stayed.slice(0, 3)) {
      stage.leave(userId);
      addToScope(stage, userId);
    }
    for (const userId of left.slice(0, 1)) {
      stage.leave(userId);
      addToScope(stage, userId);
      stage.leave(userId);
    }
    for (const userId of strangers) {
      addToScope(stage, userId);
      stage.leave(userId);
    }
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect(stage.account(left[0] ?? '').status).toBe('deactivated');
    for (const userId of strangers) expect(stage.accountOf(userId)).toBeUndefined();
    // Nothing is left over to be found later.
    const full = await stage.sync({ full: true });
    expect(full).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 8 } });
    expect(facts(full)).not.toHaveProperty('GroupMemberRemoved');
    expect(facts(full)).not.toHaveProperty('GroupMemberAdded');
  });

  it.each(seeds.slice(0, 6))('so are groups with everybody below them (seed %i)', async (seed) => {
    const stage = await openStage({ seed, graph: contradicting(1), storage: 'memory' });
    stage.crew(20);
    const group = stage.directory.addGroup({ displayName: 'Nested' });
    addToScope(stage, group);
    const crew = stage.crew(4, {}, group);
    await stage.sync();
    stage.newWrites();
    stage.leave(group);
    addToScope(stage, group);
    expect((await stage.sync()).commands).toEqual({});
    addToScope(stage, stage.directory.addUser({ displayName: 'Zoe', userPrincipalName: 'zoe@fabrikam.example' }));
    stage.leave(group);
    addToScope(stage, group);
    stage.leave(group);
    expect(succeeded(await stage.sync())).toMatchObject({ DeactivateUser: 4 });
    for (const userId of crew) expect(stage.account(userId).status).toBe('deactivated');
  });

  it('cost one request for twenty of them', async () => {
    const stage = await openStage({ graph: contradicting(5), storage: 'memory' });
    const crew = stage.crew(40);
    await stage.sync();
    for (const userId of crew.slice(0, 20)) {
      stage.leave(userId);
      addToScope(stage, userId);
    }
    stage.simulator.requests.reset();
    await stage.sync();
    const batches = stage.simulator.requests.matching({ system: 'graph', path: /\$batch/ }).length;
    const pages = stage.simulator.requests.matching({ system: 'graph', path: /\/groups\/.*delta/ }).length;
    expect(batches).toBeLessThanOrEqual(pages);
  });

  it('are read from the beginning where the direct read fails, and nobody comes or goes meanwhile', async () => {
    const stage = await openStage({ seed: 3, graph: contradicting(1), storage: 'memory' });
    const [ann = ''] = stage.crew(6);
    await stage.sync();
    stage.newWrites();
    stage.leave(ann);
    addToScope(stage, ann);
    const refused = stage.simulator.faults.add({
      path: new RegExp(`/users/${ann}/memberOf`),
      action: { status: 400, body: { error: { code: 'x', message: 'x' } } },
    });
    const report = await stage.sync();
    expect(refused.hits()).toBeGreaterThan(0);
    expect(report).toMatchObject({ ok: true, commands: none });
    expect(facts(report)).toMatchObject({ ResyncRequired: 1 });
    refused.remove();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 6, linked: 6 } });
    expect((await stage.sync()).events).toEqual({});
    expect(stage.newWrites()).toEqual([]);
  });
});

describe('people who are told differently in one round', () => {
  it.each(seeds)('are as a direct read shows them (seed %i)', async (seed) => {
    const stage = await openStage({ seed, graph: contradicting((seed % 3) + 1), storage: 'memory' });
    const crew = stage.crew(9, { jobTitle: 'Engineer' });
    await stage.sync();
    const [restored = '', deleted = '', ...others] = crew;
    for (const userId of others) stage.directory.updateUser(userId, { jobTitle: 'Architect' });
    stage.directory.deleteUser(restored);
    stage.directory.restoreUser(restored);
    stage.directory.deleteUser(deleted);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ UpdateProfile: 7, DeactivateUser: 1 });
    for (const userId of others) expect(stage.account(userId).jobTitle).toBe('Architect');
    expect(stage.account(restored).status).not.toBe('deactivated');
    expect(await stage.sync({ full: true })).toMatchObject({ commands: none, people: { inScope: 8 } });
  });
});
