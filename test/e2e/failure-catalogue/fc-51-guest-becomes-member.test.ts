import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const guestName = 'noor_partner.example#EXT#@fabrikam.example';
const invitations = { preferences: { invitations: 'immediate' } };

/** What may not happen in a conversion: a second account, a second invitation, a deactivation. */
const openConversion = async (userType: 'Guest' | 'Member', names: { readonly upn: string; readonly mail: string }) => {
  const stage = await openStage({ graph: calm, ...invitations });
  stage.crew(5);
  const noor = stage.hire('Noor Visser', { userPrincipalName: names.upn, mail: names.mail, userType });
  await stage.sync();
  const before = stage.account(noor);
  stage.newWrites();
  const expectSameAccount = async (): Promise<void> => {
    expect(stage.account(noor).id).toBe(before.id);
    expect(stage.account(noor).status).toBe(before.status);
    expect(stage.learnAmp.accounts()).toHaveLength(2 + 6);
    expect(stage.learnAmp.invitations()).toHaveLength(6);
    expect(stage.learnAmp.deactivations()).toEqual([]);
    await expectOneAccountEach(stage);
    expect((await stage.sync()).events).toEqual({});
  };
  return { stage, noor, before, expectSameAccount };
};

it('FC-51 a guest who becomes a member with a new principal name keeps the account, under the new address', async () => {
  const { stage, noor, expectSameAccount } = await openConversion('Guest', {
    upn: guestName,
    mail: 'noor@partner.example',
  });
  stage.directory.updateUser(noor, { userType: 'Member', userPrincipalName: 'noor.visser@fabrikam.example' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserTypeChanged: 1, UserPrincipalNameChanged: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ ChangeEmail: 1 });
  expect(stage.account(noor).email).toBe('noor.visser@fabrikam.example');
  await expectSameAccount();
});

it('FC-51 a guest who becomes a member and keeps the made-up name keeps the address of the home organisation', async () => {
  const { stage, noor, expectSameAccount } = await openConversion('Guest', {
    upn: guestName,
    mail: 'noor@partner.example',
  });
  stage.directory.updateUser(noor, { userType: 'Member' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ UserTypeChanged: 1 });
  expect(report.commands).toEqual({});
  expect(stage.account(noor).email).toBe('noor@partner.example');
  await expectSameAccount();
});

it.each([guestName, 'noor.visser@fabrikam.example'])(
  'FC-51 a member who becomes a guest keeps the account, under the address in mail (then named %s)',
  async (userPrincipalName) => {
    const { stage, noor, expectSameAccount } = await openConversion('Member', {
      upn: 'noor.visser@fabrikam.example',
      mail: 'noor.visser@fabrikam.example',
    });
    stage.directory.updateUser(noor, { userType: 'Guest', userPrincipalName, mail: 'noor@partner.example' });
    const report = await stage.sync();
    expect(facts(report)).toMatchObject({ UserTypeChanged: 1, MailChanged: 1, CommandSucceeded: 1 });
    expect(succeeded(report)).toEqual({ ChangeEmail: 1 });
    expect(stage.account(noor).email).toBe('noor@partner.example');
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6, held: 0 } });
    await expectSameAccount();
  },
);

it('FC-51 a member who becomes a guest without any address keeps account and address, and is reported', async () => {
  const { stage, noor, expectSameAccount } = await openConversion('Member', {
    upn: 'noor.visser@fabrikam.example',
    mail: 'noor.visser@fabrikam.example',
  });
  stage.directory.updateUser(noor, {
    userType: 'Guest',
    userPrincipalName: guestName,
    mail: null,
    jobTitle: 'Partner',
  });
  const report = await stage.sync();
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(attentionOf(report, noor)).toEqual(['no-email: guest-without-address']);
  expect(stage.account(noor)).toMatchObject({ email: 'noor.visser@fabrikam.example', jobTitle: 'Partner' });
  expect(JSON.stringify(stage.newWrites())).not.toMatch(/#ext#/i);
  await expectSameAccount();
});
