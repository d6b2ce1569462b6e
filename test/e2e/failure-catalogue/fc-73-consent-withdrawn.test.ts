import { describe, expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

/** Somebody whose title changes, somebody who leaves and somebody who joins, after a first sync. */
const openChanges = async () => {
  const stage = await openStage({ graph: calm, patienceMs: 2_000 });
  const [changed = '', leaver = ''] = stage.crew(12, { jobTitle: 'Engineer' });
  await stage.sync();
  await stage.checkInvariants();
  stage.newWrites();
  const change = (): string => {
    stage.directory.updateUser(changed, { jobTitle: 'Architect' });
    stage.leave(leaver);
    return stage.hire('Ann Lee');
  };
  return { stage, changed, leaver, change };
};

const refusals = [
  ['the consent is withdrawn', 65001, 'invalid_grant'],
  ['the application is gone from the tenant', 700016, 'unauthorized_client'],
  ['conditional access blocks it', 53003, 'access_denied'],
] as const;

describe.each([false, true])('FC-73 no right to sign in any more (full: %s)', (full) => {
  it.each(refusals)(
    '%s: told once, nobody is touched, and what was missed is found afterwards',
    async (_, code, error) => {
      const { stage, changed, leaver, change } = await openChanges();
      const ann = change();
      const refused = stage.simulator.faults.add({
        system: 'token',
        action: { status: 400, body: { error, error_description: `AADSTS${code}: no.`, error_codes: [code] } },
      });
      stage.simulator.revokeAccessTokens();
      const report = await stage.sync({ full });
      expect(refused.hits()).toBeGreaterThan(0);
      expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-credentials' } });
      expect(report.error?.message).toContain(`AADSTS${code}`);
      expect(report.events).toMatchObject({ CredentialFailed: 1 });
      await stage.reopen();
      expect((await stage.sync({ full })).events).not.toHaveProperty('CredentialFailed');
      expect(stage.newWrites()).toEqual([]);
      expect((await stage.events('UserLeftGroup', 'GroupMemberRemoved')).length).toBe(0);

      refused.remove();
      expect(succeeded(await stage.sync())).toEqual({ CreateUser: 1, UpdateProfile: 1, DeactivateUser: 1 });
      expect(stage.account(changed).jobTitle).toBe('Architect');
      expect(stage.account(leaver).status).toBe('deactivated');
      expect(stage.accountOf(ann)).toBeDefined();
      await stage.checkInvariants();
    },
  );
});

describe.each([false, true])('FC-73 groups cannot be read any more, and users can (full: %s)', (full) => {
  it('profiles go on, nobody joins or leaves, and it is told once', async () => {
    const { stage, changed, leaver, change } = await openChanges();
    const ann = change();
    stage.directory.withdraw('groups');
    const report = await stage.sync({ full });
    expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 12, linked: 12 } });
    expect(facts(report)).toMatchObject({ CredentialFailed: 1, JobTitleChanged: 1 });
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    stage.directory.updateUser(leaver, { jobTitle: 'Still Here' });
    await stage.reopen();
    const later = await stage.sync({ full });
    expect(later.events).not.toHaveProperty('CredentialFailed');
    expect(succeeded(later)).toEqual({ UpdateProfile: 1 });
    expect(stage.account(changed).jobTitle).toBe('Architect');
    expect(stage.account(leaver)).toMatchObject({ jobTitle: 'Still Here', status: 'not_invited' });
    expect(stage.accountOf(ann)).toBeUndefined();
    expect(await stage.engine().held()).toMatchObject({ scopeFrozen: 'scope-group-unreadable', people: [] });
    await stage.checkInvariants();
  });

  it('somebody who is deleted meanwhile is known to be, and waits for a decision, also once groups are readable again', async () => {
    const { stage, leaver } = await openChanges();
    stage.directory.withdraw('groups');
    await stage.sync({ full });
    stage.directory.deleteUser(leaver);
    const frozen = await stage.sync({ full });
    expect(frozen).toMatchObject({ exitCode: 3, people: { inScope: 11 } });
    expect(facts(frozen)).toMatchObject({ UserDeleted: 1 });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    stage.directory.grant('groups');
    expect(await stage.sync()).toMatchObject({ exitCode: 3, people: { inScope: 11, held: 1 } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
    await stage.engine().approveHeld(by('is gone'));
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { held: 0 } });
    expect(stage.learnAmp.deactivations()).toHaveLength(1);
    await stage.checkInvariants();
  });

  it('with the permission the very next sync goes on where the scope froze', async () => {
    const { stage, leaver, change } = await openChanges();
    stage.directory.withdraw('groups');
    await stage.sync({ full });
    const ann = change();
    await stage.sync({ full });
    stage.directory.grant('groups');
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 12 } });
    expect(facts(report)).toMatchObject({ HoldDissolved: 1, UserLeftGroup: 1, UserJoinedGroup: 1 });
    expect(stage.account(leaver).status).toBe('deactivated');
    expect(stage.accountOf(ann)).toBeDefined();
    expect(await stage.engine().held()).toMatchObject({ scopeFrozen: null });
    expect((await stage.sync()).events).toEqual({});
    await stage.checkInvariants();
  });
});

it('FC-73 a first sync without the right to read groups says which one is missing, and begins nothing', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(3);
  stage.directory.withdraw('groups');
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 1, error: { code: 'group-unreadable' } });
  expect(report.error?.message).toContain('GroupMember.Read.All');
  expect(stage.newWrites()).toEqual([]);
});
