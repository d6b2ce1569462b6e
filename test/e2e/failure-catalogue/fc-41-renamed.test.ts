import { expect, it } from 'vitest';
import { attentionOf, facts, succeeded } from '../../support/report.js';
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
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(12);
  await stage.sync();
  stage.newWrites();
  for (const id of crew) {
    const name = stage.directory.user(id).properties.userPrincipalName ?? '';
    stage.directory.updateUser(id, { userPrincipalName: name.replace('fabrikam', 'contoso') });
  }
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserPrincipalNameChanged: 12, CommandSucceeded: 12 });
  expect(succeeded(report)).toEqual({ ChangeEmail: 12 });
  expect(stage.newWrites()).toHaveLength(12);
  for (const id of crew) expect(stage.account(id).email).toMatch(/@contoso\.example$/);
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

it('FC-41 two people who swap addresses get each other’s, or are told apart as a conflict; nothing is mixed up', async () => {
  const stage = await openStage({ graph: calm });
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  stage.crew(3);
  await stage.sync();
  stage.directory.updateUser(ann, { userPrincipalName: 'interim@fabrikam.example' });
  stage.directory.updateUser(ben, { userPrincipalName: 'ann.lee@fabrikam.example' });
  stage.directory.updateUser(ann, { userPrincipalName: 'ben.ode@fabrikam.example' });
  const report = await stage.sync();
  const emails = [ann, ben].map((id) => stage.learnAmp.accountByExternalId(id)?.email);
  if (report.exitCode === 0) expect(emails).toEqual(['ben.ode@fabrikam.example', 'ann.lee@fabrikam.example']);
  else {
    expect(report.exitCode).toBe(4);
    for (const id of [ann, ben]) expect(attentionOf(report, id)).toEqual(['identity-conflict: address-swap']);
    expect(emails).toEqual(['ann.lee@fabrikam.example', 'ben.ode@fabrikam.example']);
  }
  expect(stage.learnAmp.accounts()).toHaveLength(7);
  stage.newWrites();
  expect(await stage.sync()).toMatchObject({ exitCode: report.exitCode, events: {} });
  expect(stage.newWrites()).toEqual([]);
});
