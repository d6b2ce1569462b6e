import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it.each([false, true])(
  'FC-14 a deleted account leaves the scope though the group says nothing: one deactivation, confirmed by its 404 (full: %s)',
  async (full) => {
    const stage = await openStage({ graph: calm });
    const { directory } = stage;
    const crew = stage.crew(10);
    const ann = stage.hire('Ann Lee');
    await stage.sync();
    stage.newWrites();
    directory.deleteUser(ann);
    directory.updateUser(crew[0] ?? '', { jobTitle: 'Writer' });
    const report = await stage.sync({ full });
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
    expect(facts(report)).toMatchObject({ UserDeleted: 1, UserLeftGroup: 1, LeaveConfirmed: 1, JobTitleChanged: 1 });
    expect(succeeded(report)).toEqual({ DeactivateUser: 1, UpdateProfile: 1 });
    const [left, confirmed] = await stage.events('UserLeftGroup', 'LeaveConfirmed');
    expect(left?.data).toEqual({ userId: ann, reason: 'deleted' });
    expect(confirmed?.data).toEqual({ userId: ann, by: 'not-found' });
    // Its principal name now has a prefix; that is no address and no rename.
    const account = stage.learnAmp.accountByExternalId(ann);
    expect(account).toMatchObject({ status: 'deactivated', email: 'ann.lee@fabrikam.example' });
    expect(report.commands.ChangeEmail).toBeUndefined();
    expect((await stage.sync()).events).toEqual({});
  },
);
