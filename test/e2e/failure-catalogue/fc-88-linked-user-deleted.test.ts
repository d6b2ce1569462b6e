import { describe, expect, it } from 'vitest';
import { attentionOf, news, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const parked = ['parked: account-deleted-at-learn-amp'];

const openDeleted = async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { department: 'Sales' });
  const [ben = ''] = stage.crew(3);
  stage.directory.setManager(ben, ann);
  await stage.sync();
  const account = stage.account(ann);
  stage.learnAmp.deleteAccount(account.id);
  stage.newWrites();
  return { stage, ann, ben, account };
};

describe('FC-88 a linked user was deleted in Learn Amp', () => {
  it('is parked and told by the next full look, and not made again: no quarrel with whoever deleted it', async () => {
    const { stage, ann, ben } = await openDeleted();
    const report = await stage.sync({ full: true });
    expect(report.exitCode).toBe(4);
    expect(attentionOf(report, ann)).toEqual(parked);
    // Whoever was managed by that account lost their override with it.
    const drift = (await stage.events('DriftDetected')).map(({ data }) => data);
    expect(drift).toEqual(
      expect.arrayContaining([
        { userId: ann, fields: ['account'] },
        { userId: ben, fields: ['manager'] },
      ]),
    );
    expect(drift).toHaveLength(2);
    for (const full of [true, false, true]) {
      const later = await stage.sync({ full });
      expect(attentionOf(later, ann)).toEqual(parked);
      expect(news(later)).toEqual({});
    }
    expect(stage.newWrites().filter(({ method }) => method === 'POST')).toEqual([]);
    expect(stage.learnAmp.accountByEmail('ann.lee@fabrikam.example')).toBeUndefined();
    await stage.checkInvariants();
  });

  it('or by a change that meets it first', async () => {
    const { stage, ann } = await openDeleted();
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    expect(attentionOf(await stage.sync(), ann)).toEqual(parked);
    expect(stage.learnAmp.accountByEmail('ann.lee@fabrikam.example')).toBeUndefined();
  });

  it('a list without the account is not believed before it was asked for by its id', async () => {
    const stage = await openStage({ graph: calm, learnAmp: { listsDeactivated: false } });
    const ann = stage.hire('Ann Lee');
    stage.crew(3);
    await stage.sync();
    stage.learnAmp.updateAccount(stage.account(ann).id, { status: 'deactivated' });
    const report = await stage.sync({ full: true });
    expect(report).toMatchObject({ exitCode: 0 });
    expect(succeeded(report)).toMatchObject({ ReactivateUser: 1 });
  });

  it('an answer of 500 about that id says nothing: nobody is parked, and everybody else goes on', async () => {
    const { stage, ann, ben, account } = await openDeleted();
    const broken = stage.simulator.faults.add({
      system: 'learnAmp',
      path: new RegExp(`^/v1/users/${account.id}$`),
      action: { status: 500 },
    });
    stage.directory.updateUser(ben, { jobTitle: 'Writer' });
    const report = await stage.sync({ full: true });
    expect(broken.hits()).toBeGreaterThan(0);
    expect(report.ok).toBe(true);
    expect(stage.account(ben).jobTitle).toBe('Writer');
    expect(attentionOf(report, ann)).not.toEqual(parked);
    expect((await stage.events('DriftDetected')).map(({ data }) => data)).not.toContainEqual(
      expect.objectContaining({ userId: ann }),
    );
    broken.remove();
    expect(attentionOf(await stage.sync({ full: true }), ann)).toEqual(parked);
  });

  it('the account of somebody who left is nobody’s concern any more', async () => {
    const { stage, ben } = await openDeleted();
    stage.leave(ben);
    await stage.sync();
    stage.learnAmp.deleteAccount(stage.account(ben).id);
    const { length } = await stage.events('LearnAmpUserObserved');
    const report = await stage.sync({ full: true });
    expect(attentionOf(report, ben)).toEqual([]);
    expect((await stage.events('LearnAmpUserObserved')).slice(length).map(({ data }) => data)).not.toContainEqual({
      userId: ben,
      account: null,
    });
  });
});

it('FC-88 a 404 over a custom field that Learn Amp lacks is no deleted account', async () => {
  const stage = await openStage({ graph: calm, preferences: { customFields: { employeeId: 'Missing' } } });
  const ann = stage.hire('Ann Lee', { employeeId: '7' });
  const report = await stage.sync();
  expect(attentionOf(report, ann)).toEqual(['rejected: SetCustomFields: unknown_custom_field (Missing)']);
  expect(await stage.events('DriftDetected')).toEqual([]);
  expect(await stage.sync({ full: true })).toMatchObject({ ok: true, people: { linked: 1 } });
});
