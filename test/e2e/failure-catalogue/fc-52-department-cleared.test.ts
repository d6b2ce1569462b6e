import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const blanks: ReadonlyArray<string | null> = [null, '', '   ', '\u00a0\t'];

const teamNames = (stage: Stage): ReadonlyArray<string> =>
  stage.learnAmp
    .teams()
    .map(({ name }) => name)
    .sort();

it.each(blanks)(
  'FC-52 a department that is emptied (%j) clears the field; the primary team stays',
  async (department) => {
    const stage = await openStage({ graph: calm });
    const ann = stage.hire('Ann Lee', { department: 'Finance', jobTitle: 'Engineer' });
    stage.hire('Bea Boss', { department: 'Finance' });
    await stage.sync();
    const before = stage.account(ann);
    stage.directory.updateUser(ann, { department });
    const report = await stage.sync();
    expect(facts(report)).toEqual({ DepartmentChanged: 1, CommandSucceeded: 1 });
    const [change] = await stage.events('DepartmentChanged');
    expect(change?.data).toMatchObject({ from: 'Finance', to: null });
    expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
    const after = stage.account(ann);
    expect(after).toEqual({ ...before, department: null, updatedAt: after.updatedAt });
    expect(stage.teamOf(ann)).toBe('Finance');
    expect(teamNames(stage)).toEqual(['Finance']);
    expect((await stage.sync()).events).toEqual({});
    expect(await stage.sync({ full: true })).toMatchObject({ commands: {} });
  },
);

it.each(blanks)("FC-52 with blanks: 'keep' field and team stay as they are (%j)", async (department) => {
  const stage = await openStage({ graph: calm, preferences: { blanks: 'keep' } });
  const ann = stage.hire('Ann Lee', { department: 'Finance' });
  await stage.sync();
  stage.newWrites();
  stage.directory.updateUser(ann, { department });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ DepartmentChanged: 1 });
  expect(report.commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
  expect(stage.account(ann).department).toBe('Finance');
  expect(stage.teamOf(ann)).toBe('Finance');
});

it('FC-52 a department that was never set is no event, no field, no team, and blanks nothing typed by hand', async () => {
  const stage = await openStage({ graph: calm });
  const adopted = stage.learnAmp.addAccount({
    email: 'ann.lee@fabrikam.example',
    firstName: 'Ann',
    lastName: 'Lee',
    department: 'Typed by hand',
  });
  const ann = stage.hire('Ann Lee');
  const bea = stage.hire('Bea Boss', { department: '  ' });
  await stage.sync();
  expect(stage.account(ann).id).toBe(adopted.id);
  expect(stage.account(ann)).toMatchObject({ department: 'Typed by hand', primaryTeamId: null });
  expect(stage.account(bea)).toMatchObject({ department: null, primaryTeamId: null });
  expect(await stage.events('DepartmentChanged')).toEqual([]);
  expect(teamNames(stage)).toEqual([]);
});

it('FC-52 the same department again after it was emptied needs no team anew', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { department: 'Finance' });
  await stage.sync();
  stage.directory.updateUser(ann, { department: null });
  await stage.sync();
  stage.directory.updateUser(ann, { department: 'Finance' });
  expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
  expect(stage.account(ann).department).toBe('Finance');
  expect(teamNames(stage)).toEqual(['Finance']);
});
