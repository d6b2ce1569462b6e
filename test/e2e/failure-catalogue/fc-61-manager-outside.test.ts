import { describe, expect, it } from 'vitest';
import { none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const REPORTS = 40;

describe('FC-61 a manager outside the scope, later inside', () => {
  it('forty reports wait without being a failure, and all get their manager in the plan that makes the account', async () => {
    const stage = await openStage({ graph: calm });
    const boss = stage.directory.addUser({
      displayName: 'Bea Boss',
      givenName: 'Bea',
      surname: 'Boss',
      userPrincipalName: 'bea.boss@fabrikam.example',
    });
    const reports = stage.crew(REPORTS);
    for (const id of reports) stage.directory.setManager(id, boss);
    const first = await stage.sync();
    expect(first).toMatchObject({ exitCode: 0, attention: [] });
    expect(first.commands.SetOverrideManager).toMatchObject({ planned: REPORTS, deferred: REPORTS, rejected: 0 });
    expect(await stage.events('CommandDeferred')).toHaveLength(REPORTS);
    // Never created because of being a boss, whatever is synced.
    for (const full of [false, true]) expect((await stage.sync({ full })).commands.CreateUser).toBeUndefined();
    expect(stage.learnAmp.accountByEmail('bea.boss@fabrikam.example')).toBeUndefined();
    expect(await stage.events('CommandDeferred')).toHaveLength(REPORTS);

    stage.newWrites();
    stage.directory.addMember(stage.directory.scopeGroupId, boss);
    const june = await stage.sync();
    expect(june.exitCode).toBe(0);
    expect(succeeded(june)).toEqual({ CreateUser: 1, SetOverrideManager: REPORTS });
    const writes = stage.newWrites();
    // Exactly one creation, before anything points to it.
    expect(writes.map(({ method }) => method)).toEqual(['POST', ...Array<string>(REPORTS).fill('PUT')]);
    const { id } = stage.account(boss);
    for (const person of reports) expect(stage.account(person).managerId).toBe(id);
    expect(await stage.sync()).toMatchObject({ events: none, commands: none });
    await stage.checkInvariants();
  });
});
