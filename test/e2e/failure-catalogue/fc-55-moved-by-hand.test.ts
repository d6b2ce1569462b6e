import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

/** As an admin of Learn Amp does it: another primary team, and secondary ones. */
const move = (stage: Stage, userId: string) => {
  const primary = stage.learnAmp.addTeam({ name: 'Task force' });
  const secondary = [stage.learnAmp.addTeam({ name: 'Choir' }).id, stage.learnAmp.addTeam({ name: 'First aid' }).id];
  stage.learnAmp.updateAccount(stage.account(userId).id, { primaryTeamId: primary.id, secondaryTeamIds: secondary });
  return secondary;
};

it('FC-55 the daily full cycle puts the primary team back, and leaves the secondary ones alone', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { department: 'Sales' });
  stage.hire('Bea Boss', { department: 'Sales' });
  await stage.sync();
  const secondary = move(stage, ann);
  stage.newWrites();
  // Nothing happened in Entra: a polled round is quiet.
  expect((await stage.sync()).events).toEqual({});
  const report = await stage.sync({ full: true });
  expect(facts(report)).toMatchObject({ LearnAmpUserObserved: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ SetPrimaryTeam: 1 });
  expect(stage.newWrites()).toHaveLength(1);
  expect(stage.teamOf(ann)).toBe('Sales');
  expect(stage.account(ann).secondaryTeamIds).toEqual(secondary);
  expect(await stage.sync({ full: true })).toMatchObject({ commands: {} });
});

it('FC-55 a change of the department puts it right at once', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { department: 'Sales' });
  await stage.sync();
  const secondary = move(stage, ann);
  stage.directory.updateUser(ann, { department: 'Research' });
  await stage.sync();
  expect(stage.teamOf(ann)).toBe('Research');
  expect(stage.account(ann).secondaryTeamIds).toEqual(secondary);
});

it.each([
  ['never had a department', {}, {}],
  ['lost the department', { department: 'Sales' }, { department: null }],
])('FC-55 the team that somebody was given by hand stays where they %s', async (_, first, then) => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', first);
  await stage.sync();
  stage.directory.updateUser(ann, then);
  await stage.sync();
  const secondary = move(stage, ann);
  stage.newWrites();
  for (const full of [false, true, true]) await stage.sync({ full });
  expect(stage.newWrites()).toEqual([]);
  expect(stage.teamOf(ann)).toBe('Task force');
  expect(stage.account(ann).secondaryTeamIds).toEqual(secondary);
});

it('FC-55 with the primary team switched off, nobody is moved by anybody but by hand', async () => {
  const stage = await openStage({ graph: calm, preferences: { attributes: { primaryTeam: null } } });
  const ann = stage.hire('Ann Lee', { department: 'Sales' });
  await stage.sync();
  expect(stage.account(ann)).toMatchObject({ department: 'Sales', primaryTeamId: null });
  move(stage, ann);
  stage.newWrites();
  await stage.sync({ full: true });
  stage.directory.updateUser(ann, { department: 'Research' });
  expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
  expect(stage.teamOf(ann)).toBe('Task force');
});
