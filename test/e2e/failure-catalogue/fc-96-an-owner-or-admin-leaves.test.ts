import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** A second owner and an admin of Learn Amp, both in the group, among eight others. */
const openCompany = async () => {
  const stage = await openStage({ graph: calm });
  for (const role of ['owner', 'admin'] as const)
    stage.learnAmp.addAccount({ email: `the.${role}@fabrikam.example`, firstName: 'The', lastName: role, role });
  const [owner, admin] = [stage.hire('The Owner'), stage.hire('The Admin')];
  const crew = stage.crew(8);
  await stage.sync();
  return { stage, owner, admin, crew };
};

describe('FC-96 an owner or admin of Learn Amp leaves the group', () => {
  it('is held alone, and an approval of everybody leaves them out; by name they go', async () => {
    const { stage, owner, admin, crew } = await openCompany();
    for (const userId of [owner, admin, ...crew.slice(0, 3)]) stage.leave(userId);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 2 } });
    expect(succeeded(report)).toEqual({ DeactivateUser: 3 });
    for (const userId of [owner, admin])
      expect(attentionOf(report, userId)).toEqual(['held: deactivations: protected']);
    expect((await stage.engine().held()).people).toMatchObject([{ byName: true }, { byName: true }]);

    const everybody = await stage.engine().approveHeld(by('clean up'));
    expect(everybody.decided).toEqual([]);
    expect(everybody.leftOut.map(({ why }) => why)).toEqual(['by-name', 'by-name']);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, events: none });

    await stage.reopen();
    await stage.engine().approveHeld(by('he left the company', admin));
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    expect([stage.account(admin).status, stage.account(owner).status]).toEqual(['deactivated', 'confirmed']);
    await stage.engine().approveHeld(by('she left the company', owner));
    const last = await stage.sync();
    expect(last).toMatchObject({ exitCode: 0, people: { held: 0 } });
    expect(stage.account(owner).status).toBe('deactivated');
    await stage.checkInvariants();
  });

  it('who was approved for the numbers, and was made an admin meanwhile, is held anew, by name', async () => {
    const { stage, crew } = await openCompany();
    const [ann = ''] = crew;
    for (const userId of crew.slice(0, 6)) stage.leave(userId);
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { held: 6 } });
    await stage.engine().approveHeld(by('the unit was sold'));
    stage.learnAmp.updateAccount(stage.account(ann).id, { role: 'admin' });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ DeactivateUser: 5 });
    expect(attentionOf(report, ann)).toContain('held: deactivations: protected');
    expect(stage.account(ann).status).not.toBe('deactivated');
    expect((await stage.engine().approveHeld(by('everybody'))).leftOut).toEqual([{ userId: ann, why: 'by-name' }]);
    await stage.engine().approveHeld(by('her too', ann));
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
  });

  it('the last active owner never: no approval frees them', async () => {
    const stage = await openStage({ graph: calm });
    const only = stage.learnAmp.accounts().find(({ role }) => role === 'owner');
    stage.learnAmp.updateAccount(only?.id ?? 0, { email: 'olive.owner@fabrikam.example' });
    const olive = stage.hire('Olive Owner');
    stage.crew(8);
    await stage.sync();
    stage.leave(olive);
    const report = await stage.sync();
    expect(attentionOf(report, olive)).toEqual(['held: deactivations: last-owner']);
    expect(await stage.engine().approveHeld(by('she is gone', olive))).toMatchObject({
      decided: [],
      leftOut: [{ userId: olive, why: 'last-owner' }],
    });
    await stage.reopen();
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 3, people: { held: 1 } });
    expect(stage.account(olive).status).toBe('confirmed');
    await stage.checkInvariants();
  });

  it('an administrator who never was in the group is nobody to the sync: nothing is recorded of them, and nothing is sent', async () => {
    const { stage, admin } = await openCompany();
    const outside = stage.learnAmp.accounts().filter(({ role }) => role === 'owner' || role === 'admin');
    stage.newWrites();
    const stranger = stage.directory.addUser({ displayName: 'Ada Admin', userPrincipalName: 'ada@fabrikam.example' });
    stage.directory.deleteUser(stranger);
    const report = await stage.sync({ full: true });
    expect(report.exitCode).toBe(0);
    expect(facts(report)).not.toHaveProperty('UserLeftGroup');
    expect(stage.newWrites()).toEqual([]);
    expect(outside.every(({ id }) => stage.learnAmp.account(id)?.status !== 'deactivated')).toBe(true);
    expect(stage.account(admin).status).not.toBe('deactivated');
  });
});
