import { describe, expect, it } from 'vitest';
import { none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const openTeam = async () => {
  const stage = await openStage({ graph: calm });
  const [boss, next] = [stage.hire('Bea Boss'), stage.hire('Nia Next')];
  const reports = stage.crew(4);
  for (const id of reports) stage.directory.setManager(id, boss);
  stage.crew(8);
  await stage.sync();
  stage.newWrites();
  return { stage, boss, next, reports };
};

// The catalogue would leave the override of those without a new manager to Learn Amp; the design clears an override that the
// engine set, since it is no longer true, and keeps one for a manager whose account was deleted: unknown is not none.
describe('FC-62 a manager leaves', () => {
  it('reports with a new manager are given that one first, the others lose an override that is no longer true, the boss goes last', async () => {
    const { stage, boss, next, reports } = await openTeam();
    const [ann = '', ben = '', ...others] = reports;
    for (const id of [ann, ben]) stage.directory.setManager(id, next);
    stage.leave(boss);
    const { id: bossAccount } = stage.account(boss);
    const report = await stage.sync();
    expect(report.exitCode).toBe(0);
    expect(succeeded(report)).toEqual({ SetOverrideManager: 2, ClearOverrideManager: 2, DeactivateUser: 1 });
    const writes = stage.newWrites();
    expect(writes.map(({ path }) => path).at(-1)).toBe(`/v1/users/${bossAccount}/deactivate`);
    expect(writes).toHaveLength(5);
    for (const id of [ann, ben]) expect(stage.managerOf(id)?.id).toBe(stage.account(next).id);
    for (const id of others) expect(stage.account(id).managerId).toBeNull();
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: 2 });
    expect(await stage.sync()).toMatchObject({ events: none });
    await stage.checkInvariants();
  });

  it('whose account was deleted in Entra: what stands is kept, and told', async () => {
    const { stage, boss, reports } = await openTeam();
    stage.directory.deleteUser(boss);
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: reports.length, rejected: 0 });
    expect(report.exitCode).toBe(0);
  });

  it('a manager who is inactive at Learn Amp is waited for, not asked about at each round', async () => {
    const { stage, next, reports } = await openTeam();
    const [ann = ''] = reports;
    const { id } = stage.account(next);
    stage.learnAmp.updateAccount(id, { status: 'deactivated' });
    // In the group, so the directory wins; but Learn Amp does not take them back.
    const full = stage.simulator.faults.add({
      system: 'learnAmp',
      path: /\/reactivate$/,
      action: { status: 422, body: { message: 'cannot be reactivated' } },
    });
    const refused = stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      match: ({ body }) => new RegExp(`managerId\\W+${id}\\b`).test(body.toString()),
      action: {
        status: 400,
        body: { message: 'managerId is invalid', errors: { managerId: ['is not an active user'] } },
      },
    });
    stage.directory.setManager(ann, next);
    const report = await stage.sync();
    expect(refused.hits()).toBe(1);
    expect(full.hits()).toBe(1);
    expect(report.commands.SetOverrideManager).toMatchObject({ deferred: 1, rejected: 0, succeeded: 0 });
    stage.newWrites();
    for (let round = 0; round < 3; round += 1)
      expect((await stage.sync()).commands.SetOverrideManager).toMatchObject({ deferred: 1, rejected: 0 });
    expect(stage.newWrites()).toEqual([]);

    full.remove();
    refused.remove();
    stage.learnAmp.updateAccount(id, { status: 'confirmed' });
    await stage.sync({ full: true });
    expect(stage.managerOf(ann)?.id).toBe(id);
  });
});
