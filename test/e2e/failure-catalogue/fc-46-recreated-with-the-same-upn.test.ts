import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const conflict = 'identity-conflict: address-of-another-person';

const openCompany = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  stage.crew(9);
  const old = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  await stage.sync();
  const record = stage.account(old);
  stage.newWrites();
  return { stage, old, record };
};

type Page = { readonly value?: ReadonlyArray<{ readonly id: string }> };

/** What `users/delta` says of one person is kept back. */
const keepBack = ({ simulator }: Stage, userId: string) =>
  simulator.faults.add({
    path: /\/users\/.*delta/,
    action: {
      rewrite: ({ body, ...rest }) => {
        const { value = [], ...page } = body as Page;
        return { ...rest, body: { ...page, value: value.filter(({ id }) => id !== userId) } };
      },
    },
  });

/** `users/delta` says that somebody was deleted. */
const tellDeletion = ({ simulator }: Stage, userId: string) =>
  simulator.faults.add({
    path: /\/users\/.*delta/,
    times: 1,
    action: {
      rewrite: ({ body, ...rest }) => {
        const { value = [], ...page } = body as Page;
        return { ...rest, body: { ...page, value: [...value, { id: userId, '@removed': { reason: 'changed' } }] } };
      },
    },
  });

const expectAsked = async (stage: Stage, young: string, old: string, accountId: number): Promise<void> => {
  expect((await stage.events('IdentityConflictDetected')).map(({ data }) => data)).toEqual([
    { userId: young, conflict: 'address-of-another-person', otherUserId: old, learnAmpUserId: String(accountId) },
  ]);
  expect(stage.learnAmp.accountByExternalId(young)).toBeUndefined();
  await expectOneAccountEach(stage);
};

it.each([true, false])(
  'FC-46 deleted and created anew: the old account is deactivated, the new person parked and asked about, in every later round too (adoptByEmail: %s)',
  async (adoptByEmail) => {
    const { stage, old, record } = await openCompany({ preferences: { adoptByEmail } });
    stage.directory.deleteUser(old);
    const young = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 10, linked: 9, parked: 1 } });
    expect(facts(report)).toEqual({
      GroupMemberAdded: 1,
      UserJoinedGroup: 1,
      UserDeleted: 1,
      UserLeftGroup: 1,
      LeaveConfirmed: 1,
      CommandSucceeded: 1,
      IdentityConflictDetected: 1,
    });
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(attentionOf(report, young)).toEqual([conflict]);
    await expectAsked(stage, young, old, record.id);

    stage.newWrites();
    for (const full of [false, true, true]) {
      const later = await stage.sync({ full });
      expect(attentionOf(later, young)).toEqual([conflict]);
      expect(later.commands).toEqual({});
    }
    expect((await stage.sync({ full: true })).exitCode).toBe(4);
    expect(stage.newWrites()).toEqual([]);
    expect(await stage.events('IdentityConflictDetected')).toHaveLength(1);
  },
);

it('FC-46 the new account is told first: nobody is made twice or linked to the old one’s account; the late removal deactivates that alone', async () => {
  const { stage, old, record } = await openCompany();
  const late = keepBack(stage, old);
  stage.directory.deleteUser(old);
  const young = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  const first = await stage.sync();
  expect(late.hits()).toBeGreaterThan(0);
  expect(facts(first)).toEqual({ GroupMemberAdded: 1, UserJoinedGroup: 1, IdentityConflictDetected: 1 });
  expect(first.commands).toEqual({});
  expect(stage.learnAmp.account(record.id)).toEqual(record);
  await expectAsked(stage, young, old, record.id);

  late.remove();
  tellDeletion(stage, old);
  const second = await stage.sync();
  expect(facts(second)).toEqual({ UserDeleted: 1, UserLeftGroup: 1, LeaveConfirmed: 1, CommandSucceeded: 1 });
  expect(succeeded(second)).toEqual({ DeactivateUser: 1 });
  expect(attentionOf(second, young)).toEqual([conflict]);
  await expectAsked(stage, young, old, record.id);
});

it('FC-46 an account that an administrator gave to the new id by hand is not deactivated by the late removal of the old one', async () => {
  const { stage, old, record } = await openCompany();
  const late = keepBack(stage, old);
  stage.directory.deleteUser(old);
  const young = stage.hire('Ann Lee', { jobTitle: 'Engineer' });
  await stage.sync();
  stage.learnAmp.updateAccount(record.id, { integrationExternalId: young });
  late.remove();
  tellDeletion(stage, old);
  const report = await stage.sync();
  expect(facts(report)).toMatchObject({ UserLeftGroup: 1, LeaveConfirmed: 1, CommandRejected: 1 });
  expect(succeeded(report)).toEqual({});
  expect(report.exitCode).toBe(4);
  expect(attentionOf(report, old)).toEqual(['rejected: DeactivateUser: duplicate_external_id (integrationExternalId)']);
  for (const full of [false, true]) {
    const later = await stage.sync({ full });
    expect(attentionOf(later, young)).toEqual([conflict]);
    expect(stage.learnAmp.deactivations()).toEqual([]);
  }
  expect(stage.learnAmp.account(record.id)).toMatchObject({ status: record.status, integrationExternalId: young });
  expect(stage.learnAmp.accounts()).toHaveLength(2 + 10);
  await expectOneAccountEach(stage);
});

it('FC-46 the account of an id that was never met here is asked about, until an administrator empties its slot', async () => {
  const { stage } = await openCompany({ preferences: { invitations: 'immediate' } });
  const { id } = stage.learnAmp.addAccount({
    email: 'ben.ode@fabrikam.example',
    firstName: 'Ben',
    lastName: 'Ode',
    integrationExternalId: '7d2f9a44-0c1e-4d6b-9f3a-5b8c7e6d5f4a',
  });
  const ben = stage.hire('Ben Ode', { jobTitle: 'Writer' });
  expect(attentionOf(await stage.sync(), ben)).toEqual([conflict]);
  expect(news(await stage.sync({ full: true }))).toEqual({});

  stage.learnAmp.updateAccount(id, { integrationExternalId: null });
  const report = await stage.sync({ full: true });
  expect(report).toMatchObject({ exitCode: 0, people: { linked: 11 } });
  expect(succeeded(report)).toEqual({ LinkUser: 1, UpdateProfile: 1 });
  expect(stage.account(ben)).toMatchObject({ id, integrationExternalId: ben, jobTitle: 'Writer' });
  expect(stage.learnAmp.invitations().map(({ accountId }) => accountId)).not.toContain(id);
  await expectOneAccountEach(stage);
});

it('FC-46 the old one is restored under another name: the account is theirs again, and the new person gets one of their own', async () => {
  const { stage, old, record } = await openCompany();
  stage.directory.deleteUser(old);
  const young = stage.hire('Ann Lee', { jobTitle: 'Writer' });
  await stage.sync();
  // As Entra asks whoever restores an account whose name was given away: the other one is renamed first.
  stage.directory.updateUser(young, { userPrincipalName: 'ann.lee.two@fabrikam.example' });
  stage.directory.restoreUser(old);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 11, linked: 11 } });
  expect(succeeded(report)).toEqual({ ReactivateUser: 1, UpdateProfile: 1, CreateUser: 1 });
  expect(stage.account(old)).toMatchObject({ id: record.id, email: record.email, jobTitle: 'Engineer' });
  expect(stage.account(young)).toMatchObject({ email: 'ann.lee.two@fabrikam.example', jobTitle: 'Writer' });
  await expectOneAccountEach(stage);
});
