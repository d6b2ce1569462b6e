import { expect, it } from 'vitest';
import { expectOneAccountEach } from '../../support/links.js';
import { attentionOf, facts, news, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const guestName = 'noor_partner.example#EXT#@fabrikam.example';

it.each(
  [['userPrincipalName'], ['userPrincipalName', 'mail'], ['mail']].map((email) => ({
    email,
    mapped: email.join(', '),
  })),
)(
  'FC-49 a guest gets an account like anybody, under the address of their home organisation whatever is mapped (from $mapped)',
  async ({ email }) => {
    const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate', attributes: { email } } });
    const noor = stage.hire('Noor Visser', {
      userPrincipalName: guestName,
      mail: 'Noor@Partner.example',
      userType: 'Guest',
    });
    const ann = stage.hire('Ann Lee');
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 2, linked: 2 }, attention: [] });
    expect(succeeded(report)).toEqual({ CreateUser: 2 });
    expect(stage.account(noor)).toMatchObject({ email: 'noor@partner.example', integrationExternalId: noor });
    expect(stage.account(ann)).toMatchObject({ email: 'ann.lee@fabrikam.example' });
    expect(stage.learnAmp.invitations()).toHaveLength(2);
    for (const full of [false, true]) expect(news(await stage.sync({ full }))).toEqual({});
    await expectOneAccountEach(stage);
  },
);

it('FC-49 a guest without an address is reported and nobody waits for them; an address found later is enough', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(3);
  const noor = stage.hire('Noor Visser', { userPrincipalName: guestName, mail: null, userType: 'Guest' });
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 4, linked: 3 } });
  expect(attentionOf(report, noor)).toEqual(['no-email: guest-without-address']);
  for (const id of crew) expect(stage.account(id).status).toBe('not_invited');
  expect(JSON.stringify(stage.newWrites())).not.toMatch(/#ext#/i);
  expect((await stage.sync()).events).toEqual({});

  stage.directory.updateUser(noor, { mail: 'noor@partner.example' });
  const found = await stage.sync();
  expect(facts(found)).toMatchObject({ MailChanged: 1, UserLinked: 1 });
  expect(succeeded(found)).toEqual({ CreateUser: 1 });
  expect(stage.account(noor).email).toBe('noor@partner.example');
  await expectOneAccountEach(stage);
});

it('FC-49 a guest whom Learn Amp knows by their own address is linked, not made twice', async () => {
  const stage = await openStage({ graph: calm });
  const { id } = stage.learnAmp.addAccount({ email: 'noor@partner.example', firstName: 'Noor', lastName: 'Visser' });
  const noor = stage.hire('Noor Visser', {
    userPrincipalName: guestName,
    mail: 'noor@partner.example',
    userType: 'Guest',
  });
  expect(succeeded(await stage.sync())).toEqual({ LinkUser: 1 });
  expect(stage.account(noor).id).toBe(id);
  await expectOneAccountEach(stage);
});
