import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

it('FC-54 a department renamed for 300 people in portions is one new team; the old one stays, empty, as it was', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory', concurrency: 20 });
  const crew = stage.crew(300, { department: 'People' });
  const boss = stage.hire('Bea Boss', { department: 'Board' });
  await stage.sync();
  const old = stage.learnAmp.teamsNamed('People')[0]?.id ?? 0;
  const parent = stage.learnAmp.addTeam({ name: 'Company' });
  stage.learnAmp.updateTeam(old, { managerId: stage.account(boss).id, parentTeamId: parent.id, tags: ['keep'] });
  const before = stage.learnAmp.team(old);
  stage.newWrites();

  const portions = [crew.slice(0, 100), crew.slice(100, 220), crew.slice(220)];
  for (const [index, portion] of portions.entries()) {
    for (const id of portion) stage.directory.updateUser(id, { department: 'People & Culture' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { linked: 301 } });
    expect(facts(report)['DepartmentChanged']).toBe(portion.length);
    expect(succeeded(report)).toEqual({
      ...(index === 0 ? { EnsureTeam: 1 } : {}),
      UpdateProfile: portion.length,
      SetPrimaryTeam: portion.length,
    });
  }
  expect(stage.newWrites().filter(({ method, path }) => method === 'POST' && path.endsWith('/teams'))).toHaveLength(1);
  expect(stage.learnAmp.teamsNamed('People & Culture')).toHaveLength(1);
  for (const id of crew) expect(stage.teamOf(id)).toBe('People & Culture');
  expect(stage.learnAmp.team(old)).toEqual(before);
  expect((await stage.sync()).events).toEqual({});
}, 180_000);

it('FC-54 a new team that Learn Amp refuses is asked for once, and holds back no other field of anybody', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const crew = stage.crew(12, { department: 'People' });
  await stage.sync();
  const refused = stage.simulator.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/teams$/,
    action: { status: 422, body: { error: 'Name is reserved' } },
  });
  for (const id of crew) stage.directory.updateUser(id, { department: 'People & Culture' });
  const report = await stage.sync();
  expect(refused.hits()).toBe(1);
  expect(succeeded(report)).toEqual({ UpdateProfile: 12 });
  for (const id of crew) {
    expect(stage.account(id).department).toBe('People & Culture');
    expect(stage.teamOf(id)).toBe('People');
  }
  refused.remove();
  const full = await stage.sync({ full: true });
  expect(full.exitCode).toBe(0);
  for (const id of crew) expect(stage.teamOf(id)).toBe('People & Culture');
});
