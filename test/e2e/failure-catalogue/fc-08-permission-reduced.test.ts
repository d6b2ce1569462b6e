import { expect, it } from 'vitest';
import { openStage, type Stage } from '../../support/stage.js';

const openChanged = async (): Promise<{ readonly stage: Stage; readonly crew: ReadonlyArray<string> }> => {
  const stage = await openStage({ graph: { duplicates: false, replays: false } });
  const crew = stage.crew(8, { jobTitle: 'Engineer', department: 'Sales', officeLocation: 'Lisbon' });
  await stage.sync();
  stage.newWrites();
  for (const id of crew.slice(0, 3)) stage.directory.updateUser(id, { jobTitle: 'Architect' });
  return { stage, crew };
};

const expectUntouched = async (stage: Stage): Promise<void> => {
  const told = new Set((await stage.events()).map(({ type }) => type));
  for (const type of [
    'JobTitleChanged',
    'DepartmentChanged',
    'UserPrincipalNameChanged',
    'UserLeftGroup',
    'ManagerUnassigned',
  ])
    expect(told).not.toContain(type);
  expect(stage.newWrites()).toEqual([]);
};

it.each([false, true])(
  'FC-08 people who arrive as bare ids with nulls are neither cleared nor deactivated, and nothing is lost (full: %s)',
  async (full) => {
    const { stage, crew } = await openChanged();
    stage.directory.withdraw('members-limited');
    const report = await stage.sync({ full });
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-credentials' } });
    expect(report.events).toMatchObject({ CredentialFailed: 1 });
    await expectUntouched(stage);
    // Told once, not once a poll.
    expect((await stage.sync()).exitCode).toBe(1);
    expect((await stage.sync()).events).not.toHaveProperty('CredentialFailed');
    await expectUntouched(stage);

    stage.directory.grant('members-limited');
    const end = await stage.sync();
    expect(end).toMatchObject({ exitCode: 0, people: { inScope: 8, linked: 8 } });
    for (const [index, id] of crew.entries())
      expect(stage.account(id)).toMatchObject({ jobTitle: index < 3 ? 'Architect' : 'Engineer', location: 'Lisbon' });
  },
);

it.each([false, true])(
  'FC-08 reads of users that are refused stop the cycle and change nobody (full: %s)',
  async (full) => {
    const { stage, crew } = await openChanged();
    stage.directory.withdraw('users');
    const ann = stage.hire('Ann Lee');
    const report = await stage.sync({ full });
    expect(report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-credentials' } });
    expect(report.error?.message).toContain('grant User.Read.All to the app');
    await expectUntouched(stage);
    expect(stage.accountOf(ann)).toBeUndefined();

    stage.directory.grant('users');
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 9, linked: 9 } });
    expect(stage.account(crew[0] ?? '').jobTitle).toBe('Architect');
  },
);
