import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const spellings: Readonly<Record<string, ReadonlyArray<string>>> = {
  'case and white space': ['Human Resources', 'human resources ', 'Human  Resources', 'HUMAN\u00a0RESOURCES'],
  'full width': ['Sales', 'Ｓａｌｅｓ', 'ＳＡＬＥＳ'],
  'decomposed accents': ['Café Crème', 'Cafe\u0301 Cre\u0300me', 'CAFÉ CRÈME'],
  'the Turkish i': ['Istanbul', 'İstanbul', 'ıstanbul', 'ISTANBUL'],
  'the sharp s': ['Straße', 'STRASSE', 'strasse'],
  ligatures: ['Office', 'O\ufb03ce'],
  'invisible characters': ['Research', 'Re\u00adsearch', 'Research\u200b'],
};

it.each(Object.keys(spellings))(
  'FC-53 departments that differ in %s alone are one team, and each field follows its own spelling',
  async (how) => {
    const written = spellings[how] ?? [];
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const crew = written.map((department, n) => stage.hire(`Spelling Number${n}`, { department }));
    stage.crew(2, { department: written[0] ?? '' });
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { linked: crew.length + 2 } });
    expect(succeeded(report)['EnsureTeam']).toBe(1);
    // The most frequent spelling of the first round names the team.
    expect(stage.learnAmp.teams().map(({ name }) => name)).toEqual([written[0]]);
    for (const id of crew) expect(stage.teamOf(id)).toBe(written[0]);

    // From one spelling to another: the field alone.
    for (const [index, id] of crew.entries())
      stage.directory.updateUser(id, { department: written[(index + 1) % written.length] ?? '' });
    const respelled = await stage.sync();
    expect(respelled.commands).not.toHaveProperty('EnsureTeam');
    expect(respelled.commands).not.toHaveProperty('SetPrimaryTeam');
    expect(facts(respelled)['DepartmentChanged']).toBe(crew.length);
    expect((await stage.sync()).events).toEqual({});
    expect(await stage.sync({ full: true })).toMatchObject({ commands: {} });
    expect(stage.learnAmp.teams()).toHaveLength(1);
  },
);

it('FC-53 departments that are really different are different teams', async () => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const names = ['Sales', 'Sale', 'Sales & Marketing', 'Salés', 'S a l e s'];
  for (const department of names) stage.crew(1, { department });
  await stage.sync();
  expect(
    stage.learnAmp
      .teams()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
});

it('FC-53 the first spelling stays the name of the team: later ones, more of them and new processes change nothing', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(1, { department: 'customer care' });
  await stage.sync();
  stage.crew(5, { department: 'Customer Care' });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 6 } });
  await stage.reopen();
  await stage.sync({ full: true });
  const [team, ...others] = stage.learnAmp.teams();
  expect(others).toEqual([]);
  expect(team?.name).toBe('customer care');
  // Renamed by hand: the name belongs to Learn Amp, the team is known by its id.
  stage.learnAmp.updateTeam(team?.id ?? 0, { name: 'Service' });
  stage.crew(1, { department: 'CUSTOMER CARE' });
  expect((await stage.sync()).exitCode).toBe(0);
  await stage.sync({ full: true });
  expect(stage.learnAmp.teams()).toEqual([{ ...team, name: 'Service' }]);
});
