import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, none, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const conflict = 'identity-conflict: address-of-another-person';
const byMail = { attributes: { email: ['mail'] } };

/** Somebody's ordinary account and their admin account, with one mailbox; the two differ in case. */
const openTwins = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate', ...byMail }, ...options });
  const crew = stage.crew(4);
  const twins = [
    stage.hire('Ann Lee', { mail: 'ann.lee@fabrikam.example', jobTitle: 'Engineer' }),
    stage.hire('Ann Lee Admin', { mail: 'Ann.Lee@Fabrikam.example', jobTitle: 'Admin' }),
  ] as const;
  return { stage, crew, twins };
};

/** Who of the two has the account, and who has not. */
const parted = (stage: Stage, [one, two]: readonly [string, string]): readonly [string, string] =>
  stage.learnAmp.accountByExternalId(one) === undefined ? [two, one] : [one, two];

const accountsOf = (stage: Stage) =>
  stage.learnAmp.accounts().filter(({ email }) => email.toLowerCase() === 'ann.lee@fabrikam.example');

it('FC-48 the first keeps working and the second is parked; later rounds of every kind, and another process, are silent about it', async () => {
  const { stage, crew, twins } = await openTwins();
  const report = await stage.sync();
  const [first, second] = parted(stage, twins);
  expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 6, linked: 5, parked: 1 } });
  expect(succeeded(report)).toEqual({ CreateUser: 5 });
  expect(facts(report)).toMatchObject({ IdentityConflictDetected: 1 });
  const [detected] = await stage.events('IdentityConflictDetected');
  expect(detected?.data).toMatchObject({ userId: second, otherUserId: first });
  expect(attentionOf(report, second)).toEqual([conflict]);
  for (const id of crew) expect(stage.account(id).status).toBe('invite_pending');
  const held = stage.account(first);

  stage.newWrites();
  for (const full of [false, true, false, true]) {
    const later = await stage.sync({ full });
    expect(later).toMatchObject({ exitCode: 4, commands: none });
    expect(news(later)).toEqual({});
    await stage.reopen();
  }
  // Whoever accepts the invitation changes the account, and not whose it is.
  stage.learnAmp.updateAccount(held.id, { status: 'confirmed' });
  expect(news(await stage.sync({ full: true }))).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(accountsOf(stage)).toMatchObject([{ id: held.id, integrationExternalId: first }]);
  expect(stage.learnAmp.invitations()).toHaveLength(5);
  await expectOneAccountEach(stage);
});

it('FC-48 changes of either reach the first alone, and no round turns them over', async () => {
  const { stage, twins } = await openTwins();
  await stage.sync();
  const [first, second] = parted(stage, twins);
  for (let round = 0; round < 3; round++) {
    stage.directory.updateUser(first, { jobTitle: `title ${round}` });
    stage.directory.updateUser(second, { jobTitle: `other ${round}` });
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ JobTitleChanged: 2, CommandSucceeded: 1 });
    expect(attentionOf(report, second)).toEqual([conflict]);
    expect(accountsOf(stage)).toMatchObject([{ integrationExternalId: first, jobTitle: `title ${round}` }]);
  }
  await expectOneAccountEach(stage);
});

it('FC-48 an address of its own, given in Entra, ends the conflict for the second, and nothing changes for the first', async () => {
  const { stage, twins } = await openTwins();
  await stage.sync();
  const [first, second] = parted(stage, twins);
  const before = stage.account(first);
  stage.directory.updateUser(second, { mail: 'ann.admin@fabrikam.example' });
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { linked: 6, parked: 0 } });
  expect(succeeded(report)).toEqual({ CreateUser: 1 });
  expect(stage.learnAmp.accountByExternalId(second)?.email).toBe('ann.admin@fabrikam.example');
  expect(stage.account(first)).toEqual(before);
  await expectOneAccountEach(stage);
});

it('FC-48 when the first moves to another address the second gets the address, and an account of its own', async () => {
  const { stage, twins } = await openTwins();
  await stage.sync();
  const [first, second] = parted(stage, twins);
  const { id } = stage.account(first);
  stage.directory.updateUser(first, { mail: 'ann.moved@fabrikam.example' });
  const report = await stage.sync();
  expect(report.exitCode).toBe(0);
  expect(succeeded(report)).toEqual({ ChangeEmail: 1, CreateUser: 1 });
  expect(stage.learnAmp.account(id)).toMatchObject({ email: 'ann.moved@fabrikam.example' });
  expect(accountsOf(stage)).toMatchObject([{ integrationExternalId: second }]);
  await expectOneAccountEach(stage);
});

it('FC-48 when the first leaves, the second does not inherit what is theirs', async () => {
  const { stage, twins } = await openTwins();
  await stage.sync();
  const [first, second] = parted(stage, twins);
  stage.leave(first);
  const report = await stage.sync();
  expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
  expect(attentionOf(report, second)).toEqual([conflict]);
  expect(accountsOf(stage)).toMatchObject([{ integrationExternalId: first, status: 'deactivated' }]);
  await expectOneAccountEach(stage);
});

it.each([true, false])(
  'FC-48 an account that was there before becomes one person’s at most (adoptByEmail: %s)',
  async (adoptByEmail) => {
    const { stage, twins } = await openTwins({ preferences: { adoptByEmail, ...byMail } });
    const { id } = stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'Ann', lastName: 'Lee' });
    const report = await stage.sync();
    expect(report.exitCode).toBe(4);
    const linked = twins.filter((userId) => stage.learnAmp.account(id)?.integrationExternalId === userId);
    expect(linked).toHaveLength(adoptByEmail ? 1 : 0);
    const said = twins.flatMap((userId) => attentionOf(report, userId));
    expect(said).toEqual(adoptByEmail ? [conflict] : ['parked: adoption-refused', 'parked: adoption-refused']);
    expect(accountsOf(stage)).toHaveLength(1);
    stage.newWrites();
    for (const full of [false, true]) expect(news(await stage.sync({ full }))).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    await expectOneAccountEach(stage);
  },
);

it('FC-48 somebody who moves to an address that a colleague keeps is parked with the one they have', async () => {
  const stage = await openStage({ graph: calm, preferences: byMail });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  await stage.sync();
  stage.newWrites();
  stage.directory.updateUser(ben, { mail: 'ANN.LEE@fabrikam.example', jobTitle: 'Writer' });
  const report = await stage.sync();
  expect(attentionOf(report, ben)).toEqual([conflict]);
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(stage.account(ben)).toMatchObject({ email: 'ben.ode@fabrikam.example', jobTitle: 'Writer' });
  expect(stage.account(ann).email).toBe('ann.lee@fabrikam.example');
  for (const full of [false, true]) expect(news(await stage.sync({ full }))).toEqual({});
  await expectOneAccountEach(stage);
});
