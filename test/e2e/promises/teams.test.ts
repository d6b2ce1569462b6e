import { describe, expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { openStage } from '../../support/stage.js';

describe('the department is a profile field and the primary team', () => {
  it('creates one flat team for each department', async () => {
    const stage = await openStage();
    const sales = stage.crew(2, { department: 'Sales' });
    const [research = ''] = stage.crew(1, { department: 'Research' });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ EnsureTeam: 2, CreateUser: 3, SetPrimaryTeam: 3 });
    expect(facts(report)).toMatchObject({ TeamEnsured: 2 });
    for (const id of sales) expect([stage.account(id).department, stage.teamOf(id)]).toEqual(['Sales', 'Sales']);
    expect(stage.teamOf(research)).toBe('Research');
    expect(stage.learnAmp.teams()).toHaveLength(2);
    for (const team of stage.learnAmp.teams())
      expect(team).toMatchObject({ parentTeamId: null, managerId: null, secondaryManagerIds: [] });
  });

  it('uses the team of that name that exists, wherever it stands in the hierarchy', async () => {
    const stage = await openStage();
    const parent = stage.learnAmp.addTeam({ name: 'Everybody' });
    const team = stage.learnAmp.addTeam({ name: 'sales', parentTeamId: parent.id, tags: ['old'] });
    const [ann = ''] = stage.crew(1, { department: 'Sales' });
    await stage.sync();
    expect(stage.account(ann).primaryTeamId).toBe(team.id);
    expect(stage.learnAmp.teams()).toEqual([parent, team]);
  });

  it('takes spellings that differ in case, space or Unicode form for one team, and the most frequent for its name', async () => {
    const stage = await openStage();
    stage.crew(1, { department: 'CUSTOMER CARE' });
    stage.crew(2, { department: 'Customer Care' });
    stage.crew(1, { department: ' customer   care ' });
    stage.crew(1, { department: 'Customer\u00a0Care' });
    stage.crew(1, { department: 'Ｃustomer Care' });
    const report = await stage.sync();
    expect(succeeded(report)).toMatchObject({ EnsureTeam: 1, SetPrimaryTeam: 6 });
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual(['Customer Care']);

    // The first round that names a team decides its spelling: later majorities rename nothing.
    stage.crew(5, { department: 'CUSTOMER CARE' });
    await stage.sync();
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual(['Customer Care']);
  });

  it('breaks a tie of spellings by code points', async () => {
    const stage = await openStage({ storage: 'memory' });
    stage.crew(1, { department: 'sales' });
    stage.crew(1, { department: 'Sales' });
    await stage.sync();
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual(['Sales']);
  });

  it('moves a person with the department, and deletes and renames no team', async () => {
    const stage = await openStage();
    const [ann = ''] = stage.crew(1, { department: 'Sales' });
    await stage.sync();
    const before = stage.learnAmp.teams();
    stage.directory.updateUser(ann, { department: 'Research' });
    const report = await stage.sync();
    expect(succeeded(report)).toEqual({ EnsureTeam: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
    expect(stage.teamOf(ann)).toBe('Research');
    expect(stage.learnAmp.teams().slice(0, 1)).toEqual(before);
    expect(stage.simulator.requests.count({ method: 'DELETE' })).toBe(0);
    expect(stage.simulator.requests.count({ method: 'PUT', path: /teams/ })).toBe(0);
  });

  it('makes no team of a blank department', async () => {
    const stage = await openStage();
    stage.crew(1, { department: '' });
    stage.crew(1, { department: ' \t ' });
    stage.crew(1);
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    expect(stage.learnAmp.teams()).toEqual([]);
  });

  it('keeps the link to a team that was renamed by hand', async () => {
    const stage = await openStage();
    const [ann = ''] = stage.crew(1, { department: 'Finance' });
    await stage.sync();
    const [team] = stage.learnAmp.teams();
    stage.learnAmp.updateTeam(team?.id ?? 0, { name: 'Finance & Legal' });
    const [ben = ''] = stage.crew(1, { department: 'Finance' });
    await stage.sync();
    expect(stage.teamOf(ann)).toBe('Finance & Legal');
    expect(stage.teamOf(ben)).toBe('Finance & Legal');
    expect(stage.learnAmp.teams()).toHaveLength(1);
  });

  it('overrides a primary team that was set by hand, and leaves the secondary ones', async () => {
    const stage = await openStage();
    const [ann = ''] = stage.crew(1, { department: 'Sales' });
    await stage.sync();
    const other = stage.learnAmp.addTeam({ name: 'Mine' });
    stage.learnAmp.updateAccount(stage.account(ann).id, { primaryTeamId: other.id, secondaryTeamIds: [other.id] });
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    await stage.sync();
    expect(stage.teamOf(ann)).toBe('Sales');
    expect(stage.account(ann).secondaryTeamIds).toEqual([other.id]);
    expect((await stage.sync()).events).toEqual({});
  });

  it('overrides a primary team that was set by hand in the next full sync, though nothing else happened', async () => {
    const stage = await openStage();
    const [ann = ''] = stage.crew(1, { department: 'Sales' });
    await stage.sync();
    const other = stage.learnAmp.addTeam({ name: 'Mine' });
    stage.learnAmp.updateAccount(stage.account(ann).id, { primaryTeamId: other.id });
    await stage.sync({ full: true });
    expect(stage.teamOf(ann)).toBe('Sales');
  });
});
