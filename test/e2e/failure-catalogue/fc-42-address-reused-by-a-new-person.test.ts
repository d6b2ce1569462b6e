import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

const conflict = 'identity-conflict: address-of-another-person';

/** Ann Smith left and was deactivated; her account keeps her address. Another Ann Smith gets it. */
const openReused = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const old = stage.hire('Ann Smith', { jobTitle: 'Old hand' });
  stage.crew(9);
  await stage.sync();
  stage.leave(old);
  stage.directory.updateUser(old, { userPrincipalName: 'ann.smith.left@fabrikam.example' });
  await stage.sync();
  const record = stage.learnAmp.accountByEmail('ann.smith@fabrikam.example');
  if (record === undefined) throw new Error('The account of Ann Smith is gone.');
  expect(record).toMatchObject({ status: 'deactivated', jobTitle: 'Old hand' });
  const young = stage.hire('Ann Smith', { jobTitle: 'New hire' });
  const cleo = stage.hire('Cleo Day');
  return { stage, old, young, cleo, record };
};

it.each([true, false])(
  'FC-42 a new person with the address of somebody who left is parked and asked about, inherits nothing and delays nobody (adoptByEmail: %s)',
  async (adoptByEmail) => {
    const { stage, old, young, cleo, record } = await openReused({ preferences: { adoptByEmail } });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 11, linked: 10, parked: 1 } });
    expect(facts(report)).toEqual({
      GroupMemberAdded: 2,
      UserJoinedGroup: 2,
      UserLinked: 1,
      CommandSucceeded: 1,
      IdentityConflictDetected: 1,
    });
    expect(succeeded(report)).toEqual({ CreateUser: 1 });
    expect(stage.account(cleo).status).toBe('not_invited');
    expect(attentionOf(report, young)).toEqual([conflict]);
    const [detected] = await stage.events('IdentityConflictDetected');
    expect(detected?.data).toEqual({
      userId: young,
      conflict: 'address-of-another-person',
      otherUserId: old,
      learnAmpUserId: String(record.id),
    });
    expect(stage.learnAmp.account(record.id)).toEqual(record);
    expect(stage.learnAmp.accountByExternalId(young)).toBeUndefined();
    await expectOneAccountEach(stage);

    stage.newWrites();
    for (const full of [false, true, true]) expect(news(await stage.sync({ full }))).toEqual({});
    expect(stage.newWrites()).toEqual([]);
  },
);

it('FC-42 once an administrator gives the old account another address, the next full sync makes the new person one of their own', async () => {
  const { stage, young, record } = await openReused();
  await stage.sync();
  stage.learnAmp.updateAccount(record.id, { email: 'ann.smith.left@fabrikam.example' });
  const report = await stage.sync({ full: true });
  expect(report).toMatchObject({ exitCode: 0, people: { linked: 11, parked: 0 } });
  expect(succeeded(report)).toEqual({ CreateUser: 1 });
  expect(stage.account(young)).toMatchObject({ email: 'ann.smith@fabrikam.example', jobTitle: 'New hire' });
  expect(stage.learnAmp.account(record.id)).toMatchObject({ status: 'deactivated', jobTitle: 'Old hand' });
  await expectOneAccountEach(stage);
  expect((await stage.sync({ full: true })).attention).toEqual([]);
});

it('FC-42 once an administrator deletes the old account, the next full sync makes the new person one of their own', async () => {
  const { stage, young, record } = await openReused();
  await stage.sync();
  stage.learnAmp.deleteAccount(record.id);
  expect(succeeded(await stage.sync({ full: true }))).toEqual({ CreateUser: 1 });
  expect(stage.account(young)).toMatchObject({ jobTitle: 'New hire' });
  await expectOneAccountEach(stage);
});

it('FC-42 a list without the deactivated does not say that the old account is gone: it is asked for by its id', async () => {
  const { stage, young } = await openReused({ learnAmp: { listsDeactivated: false } });
  const report = await stage.sync();
  expect(attentionOf(report, young)).toEqual([conflict]);
  stage.newWrites();
  expect(attentionOf(await stage.sync({ full: true }), young)).toEqual([conflict]);
  expect(stage.newWrites()).toEqual([]);
  await expectOneAccountEach(stage);
});

it('FC-42 where the engine keeps no external id, the link alone tells that the account is another person’s', async () => {
  const { stage, young, record } = await openReused({ preferences: { externalId: 'none' } });
  const report = await stage.sync({ full: true });
  expect(attentionOf(report, young)).toEqual([conflict]);
  expect(stage.learnAmp.account(record.id)).toEqual(record);
  await expectOneAccountEach(stage);
});

it('FC-42 the first person returns meanwhile: with the new name the account and the address part, each to their own', async () => {
  const { stage, old, young, record } = await openReused();
  await stage.sync();
  stage.directory.addMember(stage.directory.scopeGroupId, old);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { linked: 12 } });
  expect(succeeded(report)).toEqual({ ReactivateUser: 1, ChangeEmail: 1, UpdateProfile: 1, CreateUser: 1 });
  expect(stage.learnAmp.account(record.id)).toMatchObject({
    email: 'ann.smith.left@fabrikam.example',
    jobTitle: 'Old hand',
  });
  expect(stage.account(young)).toMatchObject({ email: 'ann.smith@fabrikam.example', jobTitle: 'New hire' });
  await expectOneAccountEach(stage);
});
