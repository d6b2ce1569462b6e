import { expect, it } from 'vitest';
import { attentionOf, facts, none, succeeded } from '../../support/report.js';
import { calm, openStage, type StageOptions } from '../../support/stage.js';

/** Twelve people, six of whom were imported by hand before, one of those deactivated; and two strangers. */
const openImported = async (options: StageOptions = {}) => {
  const stage = await openStage({ graph: calm, ...options });
  const crew = stage.crew(12, { jobTitle: 'Engineer' });
  const imported = crew.slice(0, 6).map((userId) => {
    const { userPrincipalName, givenName, surname } = stage.directory.user(userId).properties;
    return stage.learnAmp.addAccount({
      email: (userPrincipalName ?? '').replace('crew', 'CREW'),
      firstName: givenName ?? '',
      lastName: surname ?? '',
    });
  });
  const inactive = imported[0]?.id ?? 0;
  stage.learnAmp.deactivate(inactive);
  const strangers = ['one', 'two'].map((name) =>
    stage.learnAmp.addAccount({ email: `${name}@elsewhere.example`, firstName: name, lastName: 'Stranger' }),
  );
  return { stage, crew, imported, strangers, inactive };
};

it('FC-47 people who were imported before are linked and updated, the inactive one first reactivated; nobody is invited or doubled', async () => {
  const { stage, crew, imported, strangers } = await openImported({ preferences: { invitations: 'immediate' } });
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 12, linked: 12 } });
  expect(succeeded(report)).toEqual({ CreateUser: 6, LinkUser: 6, ReactivateUser: 1, UpdateProfile: 6 });
  expect(facts(report)).toMatchObject({ UserJoinedGroup: 12, UserLinked: 12, LearnAmpUserObserved: 6 });
  expect(stage.learnAmp.accounts()).toHaveLength(2 + 12 + 2);
  for (const [index, { id }] of imported.entries())
    expect(stage.learnAmp.account(id)).toMatchObject({
      integrationExternalId: crew[index],
      jobTitle: 'Engineer',
      status: 'confirmed',
    });
  expect(stage.learnAmp.invitations()).toHaveLength(6);
  for (const { accountId } of stage.learnAmp.invitations())
    expect(imported.map(({ id }) => id)).not.toContain(accountId);
  for (const stranger of strangers) expect(stage.learnAmp.account(stranger.id)).toEqual(stranger);
  expect((await stage.sync()).events).toEqual({});

  // Adopted once, the link holds: matching never uses an address again.
  stage.directory.updateUser(crew[1] ?? '', { userPrincipalName: 'renamed@fabrikam.example' });
  expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1 });
  expect(stage.learnAmp.account(imported[1]?.id ?? 0)?.email).toBe('renamed@fabrikam.example');
});

it('FC-47 where the company wants to be asked they are parked and reported, and nothing of theirs is touched', async () => {
  const { stage, crew, imported } = await openImported({ preferences: { adoptByEmail: false } });
  const before = imported.map(({ id }) => stage.learnAmp.account(id));
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 4, people: { inScope: 12, linked: 6, parked: 6 } });
  expect(succeeded(report)).toEqual({ CreateUser: 6 });
  expect(facts(report)).toMatchObject({ CommandParked: 6 });
  for (const id of crew.slice(0, 6)) expect(attentionOf(report, id)).toEqual(['parked: adoption-refused']);
  expect(imported.map(({ id }) => stage.learnAmp.account(id))).toEqual(before);
  expect(await stage.sync()).toMatchObject({ exitCode: 4, events: none });
});

it('FC-47 somebody who comes later and exists already is met by the refusal of the creation, active or not', async () => {
  const stage = await openStage({ graph: calm, preferences: { invitations: 'immediate' } });
  stage.crew(3);
  await stage.sync();
  const add = (name: string) =>
    stage.learnAmp.addAccount({ email: `${name}@fabrikam.example`, firstName: 'By', lastName: 'Hand' });
  const [active, inactive] = [add('ann.lee'), add('ben.ode')];
  stage.learnAmp.deactivate(inactive.id);
  const [ann, ben] = [stage.hire('Ann Lee'), stage.hire('Ben Ode')];
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { linked: 5 } });
  expect(stage.account(ann)).toMatchObject({ id: active.id, firstName: 'Ann', status: 'confirmed' });
  expect(stage.account(ben)).toMatchObject({ id: inactive.id, firstName: 'Ben', status: 'confirmed' });
  expect(stage.learnAmp.accounts()).toHaveLength(7);
  expect(stage.learnAmp.invitations()).toHaveLength(3);
});
