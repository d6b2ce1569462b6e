import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-41 a rename is one change of address: no new account, no deactivation, no invitation', async () => {
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
  const crew = stage.crew(6);
  await stage.sync();
  const before = stage.learnAmp.accounts();
  const [ann = ''] = crew;
  stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example', mail: 'ann.oak@fabrikam.example' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserPrincipalNameChanged: 1, MailChanged: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ ChangeEmail: 1 });
  expect(stage.account(ann)).toMatchObject({ email: 'ann.oak@fabrikam.example', integrationExternalId: ann });
  expect(stage.learnAmp.accounts()).toHaveLength(before.length);
  expect(stage.learnAmp.invitations()).toHaveLength(6);
  expect(stage.learnAmp.deactivations()).toEqual([]);
});

it('FC-41 the whole company moves to another domain: one change of address each', async () => {
  const count = 120;
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
  const crew = stage.crew(count);
  await stage.sync();
  stage.newWrites();
  for (const id of crew) {
    const name = stage.directory.user(id).properties.userPrincipalName ?? '';
    stage.directory.updateUser(id, { userPrincipalName: name.replace('fabrikam', 'contoso') });
  }
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserPrincipalNameChanged: count, CommandSucceeded: count });
  expect(succeeded(report)).toEqual({ ChangeEmail: count });
  expect(stage.newWrites()).toHaveLength(count);
  for (const id of crew) expect(stage.account(id).email).toMatch(/@contoso\.example$/);
  expect(stage.learnAmp.accounts()).toHaveLength(2 + count);
  expect(stage.learnAmp.invitations()).toHaveLength(count);
  expect(stage.learnAmp.deactivations()).toEqual([]);
  await expectOneAccountEach(stage);
  expect((await stage.sync()).events).toEqual({});
});

it('FC-41 a difference in case only is recorded and sends nothing', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(3);
  await stage.sync();
  stage.newWrites();
  const name = stage.directory.user(ann).properties.userPrincipalName ?? '';
  stage.directory.updateUser(ann, { userPrincipalName: name.toUpperCase() });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserPrincipalNameChanged: 1 });
  expect(report.commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
});

it('FC-41 addresses that are handed on along a row of people arrive in one sync', async () => {
  const stage = await openStage({ graph: calm });
  const [ann, ben, cleo] = [stage.hire('Ann Lee'), stage.hire('Ben Ode'), stage.hire('Cleo Day')];
  await stage.sync();
  stage.directory.updateUser(cleo, { userPrincipalName: 'cleo.new@fabrikam.example' });
  stage.directory.updateUser(ben, { userPrincipalName: 'cleo.day@fabrikam.example' });
  stage.directory.updateUser(ann, { userPrincipalName: 'ben.ode@fabrikam.example' });
  const report = await stage.sync();
  expect(report.exitCode).toBe(0);
  expect(succeeded(report)).toEqual({ ChangeEmail: 3 });
  expect([ann, ben, cleo].map((id) => stage.learnAmp.accountByExternalId(id)?.email)).toEqual([
    'ben.ode@fabrikam.example',
    'cleo.day@fabrikam.example',
    'cleo.new@fabrikam.example',
  ]);
});

/** Two people who have each other's address in Entra, as the engine sees it: in one sync. */
const openSwap = async () => {
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  stage.crew(3);
  await stage.sync();
  stage.newWrites();
  stage.directory.updateUser(ann, { userPrincipalName: 'interim@fabrikam.example' });
  stage.directory.updateUser(ben, { userPrincipalName: 'ann.lee@fabrikam.example' });
  stage.directory.updateUser(ann, { userPrincipalName: 'ben.ode@fabrikam.example' });
  const emails = () => [ann, ben].map((id) => stage.learnAmp.accountByExternalId(id)?.email);
  return { stage, ann, ben, emails };
};

/**
 * A swap would need an address in between. One that is made up is nobody's: its owner could not sign in, its mail would go
 * astray, and a process that ends in between would leave it standing. So both are asked about, and keep what they have.
 */
it('FC-41 two people who swap addresses are told apart as a conflict, each keeps what they have, and all else of theirs goes on', async () => {
  const { stage, ann, ben, emails } = await openSwap();
  stage.directory.updateUser(ann, { jobTitle: 'Writer' });
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 4, people: { linked: 5, parked: 2 } });
  expect(facts(report)).toMatchObject({ UserPrincipalNameChanged: 2, IdentityConflictDetected: 2 });
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  for (const id of [ann, ben]) expect(attentionOf(report, id)).toEqual(['identity-conflict: address-swap']);
  expect(emails()).toEqual(['ann.lee@fabrikam.example', 'ben.ode@fabrikam.example']);
  await expectOneAccountEach(stage);

  stage.newWrites();
  for (const full of [false, true, true]) expect(news(await stage.sync({ full }))).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(stage.learnAmp.accounts()).toHaveLength(7);
});

it('FC-41 a swap is carried out once one of the two has moved out of the way, by hand at Learn Amp', async () => {
  const { stage, ann, emails } = await openSwap();
  await stage.sync();
  stage.learnAmp.updateAccount(stage.account(ann).id, { email: 'interim@fabrikam.example' });
  const report = await stage.sync({ full: true });
  expect(report).toMatchObject({ exitCode: 0, attention: [] });
  expect(succeeded(report)).toEqual({ ChangeEmail: 2 });
  expect(emails()).toEqual(['ben.ode@fabrikam.example', 'ann.lee@fabrikam.example']);
  expect(stage.learnAmp.invitations()).toHaveLength(5);
  await expectOneAccountEach(stage);
});

it('FC-41 a swap that Entra shows with its step in between is two renames after another', async () => {
  const stage = await openStage({ graph: calm });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  await stage.sync();
  stage.directory.updateUser(ann, { userPrincipalName: 'interim@fabrikam.example' });
  stage.directory.updateUser(ben, { userPrincipalName: 'ann.lee@fabrikam.example' });
  expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 2 });
  stage.directory.updateUser(ann, { userPrincipalName: 'ben.ode@fabrikam.example' });
  expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1 });
  expect([stage.account(ann).email, stage.account(ben).email]).toEqual([
    'ben.ode@fabrikam.example',
    'ann.lee@fabrikam.example',
  ]);
  await expectOneAccountEach(stage);
});

it('FC-41 a new address that an account nobody linked holds is reported and delays nothing else, until it is free and tried again', async () => {
  const stage = await openStage({ graph: calm });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  await stage.sync();
  const stray = stage.learnAmp.addAccount({ email: 'ann.oak@fabrikam.example', firstName: 'Ann', lastName: 'Oak' });
  stage.newWrites();
  stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example', jobTitle: 'Writer' });
  stage.directory.updateUser(ben, { userPrincipalName: 'ben.elm@fabrikam.example' });
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 4 });
  expect(succeeded(report)).toEqual({ ChangeEmail: 1, UpdateProfile: 1 });
  expect(attentionOf(report, ann)).toEqual(['rejected: ChangeEmail: duplicate_email (email)']);
  expect(stage.learnAmp.accountByExternalId(ann)).toMatchObject({
    email: 'ann.lee@fabrikam.example',
    jobTitle: 'Writer',
  });
  expect(stage.account(ben).email).toBe('ben.elm@fabrikam.example');
  expect(stage.learnAmp.account(stray.id)).toEqual(stray);
  stage.newWrites();
  expect((await stage.sync()).events).toEqual({});
  expect(stage.newWrites()).toEqual([]);

  stage.learnAmp.deleteAccount(stray.id);
  // It would be asked about once more a day later (FC-85); whoever freed the address need not wait for that.
  await stage.engine().retry({ by: 'Olga', reason: 'the address is free' });
  expect(succeeded(await stage.sync({ full: true }))).toEqual({ ChangeEmail: 1 });
  expect(stage.account(ann).email).toBe('ann.oak@fabrikam.example');
  await expectOneAccountEach(stage);
});
