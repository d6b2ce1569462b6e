import { describe, expect, it } from 'vitest';
import { succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

describe('FC-90 a team is deleted or renamed by hand', () => {
  it('deleted: it is made again once, in the cycle in which somebody is to join it, and everybody comes back to it', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(4, { department: 'Finance' });
    const ann = stage.hire('Ann Lee', { department: 'Sales' });
    await stage.sync();
    const finance = stage.learnAmp.teams().find(({ name }) => name === 'Finance');
    stage.learnAmp.deleteTeam(finance?.id ?? 0);
    // Nobody needs it: nothing is made by itself.
    expect((await stage.sync()).events).toEqual({});

    stage.directory.updateUser(ann, { department: 'Finance' });
    const report = await stage.sync();
    expect(report).toMatchObject({ ok: true });
    expect(report.events).toMatchObject({ TeamGone: 1, TeamEnsured: 1 });
    expect(succeeded(report)).toMatchObject({ EnsureTeam: 1, SetPrimaryTeam: 1 });
    expect(stage.teamOf(ann)).toBe('Finance');
    await stage.sync();
    for (const id of crew) expect(stage.teamOf(id)).toBe('Finance');
    expect(stage.learnAmp.teams().filter(({ name }) => name === 'Finance')).toHaveLength(1);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: {} });
    await stage.checkInvariants();
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('deleted twice: it is made again each time', async () => {
    const stage = await openStage({ graph: calm });
    const [ann, ben, cleo] = [stage.hire('Ann Lee'), stage.hire('Ben Ode'), stage.hire('Cleo Day')];
    for (const [at, id] of [ann, ben, cleo].entries()) {
      stage.directory.updateUser(id, { department: 'Finance' });
      expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0 });
      expect(stage.teamOf(id)).toBe('Finance');
      const finance = stage.learnAmp.teams().find(({ name }) => name === 'Finance');
      if (at < 2) stage.learnAmp.deleteTeam(finance?.id ?? 0);
    }
    await stage.sync();
    for (const id of [ann, ben, cleo]) expect(stage.teamOf(id)).toBe('Finance');
    await stage.checkInvariants();
  });

  it('renamed: the link holds, the name is theirs, and there is no second one beside it', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(2, { department: 'Finance' });
    await stage.sync();
    const finance = stage.learnAmp.teams().find(({ name }) => name === 'Finance');
    stage.learnAmp.updateTeam(finance?.id ?? 0, { name: 'Finance & Legal' });
    const ann = stage.hire('Ann Lee', { department: 'Finance' });
    expect(await stage.sync({ full: true })).toMatchObject({ ok: true, exitCode: 0 });
    expect(stage.teamOf(ann)).toBe('Finance & Legal');
    expect(stage.learnAmp.teams()).toHaveLength(1);
    await stage.checkInvariants();
  });
});
