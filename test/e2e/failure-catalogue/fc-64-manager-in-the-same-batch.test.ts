import { describe, expect, it } from 'vitest';
import { attentionOf, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

describe('FC-64 manager and report come together', () => {
  it('every account is made before any manager is set, in whatever order people come', async () => {
    const stage = await openStage({ seed: 11 });
    const people = stage.crew(30);
    // A chain: each is managed by the next, so that no order of creation suits everybody.
    for (const [at, id] of people.entries())
      if (at + 1 < people.length) stage.directory.setManager(id, people[at + 1] ?? '');
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ CreateUser: 30, SetOverrideManager: 29 });
    const kinds = stage
      .newWrites()
      .map(({ method, body }) => (method === 'POST' ? 'create' : 'managerId' in body ? 'manager' : 'other'));
    expect(kinds.lastIndexOf('create')).toBeLessThan(kinds.indexOf('manager'));
    await stage.checkInvariants();
  });

  it('a manager whose account is refused keeps the report waiting, and nobody else', async () => {
    const stage = await openStage({ graph: calm });
    const [boss, ann, ben, cleo] = [
      stage.hire('Bea Boss'),
      stage.hire('Ann Lee'),
      stage.hire('Ben Ode'),
      stage.hire('Cleo Day'),
    ];
    stage.directory.setManager(ann, boss);
    stage.directory.setManager(ben, cleo);
    const refused = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'POST',
      match: ({ body }) => body.includes('bea.boss'),
      action: { status: 422, body: { message: 'firstName is not allowed', errors: { firstName: ['is not allowed'] } } },
    });
    const report = await stage.sync();
    expect(refused.hits()).toBeGreaterThan(0);
    expect(report.exitCode).toBe(4);
    expect(attentionOf(report, boss)).toHaveLength(1);
    expect(attentionOf(report, ann)).toEqual([]);
    expect(succeeded(report)).toEqual({ CreateUser: 3, SetOverrideManager: 1 });
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: 1, rejected: 0 });

    refused.remove();
    stage.directory.updateUser(boss, { givenName: 'Beatrix' });
    expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1, SetOverrideManager: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
  });

  it('a change of manager that delta never tells is found by the full cycle of each day', async () => {
    const stage = await openStage({ graph: calm });
    const [boss, next, ann] = [stage.hire('Bea Boss'), stage.hire('Nia Next'), stage.hire('Ann Lee')];
    stage.directory.setManager(ann, boss);
    await stage.sync();
    const silent = stage.simulator.faults.add({
      system: 'graph',
      path: /\/users\/(microsoft\.graph\.)?delta/,
      action: {
        rewrite: (response) => ({
          ...response,
          body: JSON.parse(
            JSON.stringify(response.body, (key, value: unknown) => (key === 'manager@delta' ? undefined : value)),
          ) as unknown,
        }),
      },
    });
    stage.directory.setManager(ann, next);
    await stage.sync();
    expect(silent.hits()).toBeGreaterThan(0);
    expect(stage.managerOf(ann)?.id).toBe(stage.account(boss).id);
    // Within 24 hours: `run` makes a full cycle once a day, whatever notifications and polls found.
    stage.simulator.advanceClock(24 * 3_600_000);
    expect(succeeded(await stage.sync({ full: true }))).toEqual({ SetOverrideManager: 1 });
    expect(stage.managerOf(ann)?.id).toBe(stage.account(next).id);
  });
});
