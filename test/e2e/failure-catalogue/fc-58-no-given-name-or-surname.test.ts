import { expect, it } from 'vitest';
import { attentionOf, facts, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const nameless = (displayName: string) => ({ displayName, givenName: null, surname: null });

it.each([
  ['Plato', 'Plato', 'Plato'],
  ['Ann Lee', 'Ann', 'Lee'],
  ['Room 12 Berlin', 'Room 12', 'Berlin'],
  ['  María  del Carmen   Ruiz ', 'María del Carmen', 'Ruiz'],
  ['李小龍', '李小龍', '李小龍'],
])('FC-58 both names of %j come from the display name', async (displayName, firstName, lastName) => {
  const stage = await openStage({ graph: calm, storage: 'memory' });
  const id = stage.hire('Some One', nameless(displayName));
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 1 } });
  expect(stage.account(id)).toMatchObject({ firstName, lastName });
  expect((await stage.sync()).events).toEqual({});
});

it.each([
  [{ givenName: 'Ann', surname: null, displayName: 'Ann van Lee' }, 'Ann', 'Lee'],
  [{ givenName: '  ', surname: 'Lee', displayName: 'Ann Lee' }, 'Ann', 'Lee'],
  [{ givenName: 'Ann', surname: null, displayName: 'Ann' }, 'Ann', 'Ann'],
])(
  'FC-58 one name that is missing is taken from the display name, the other stays (%j)',
  async (names, firstName, lastName) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    const id = stage.hire('Some One', names);
    await stage.sync();
    expect(stage.account(id)).toMatchObject({ firstName, lastName });
  },
);

it('FC-58 a name that is emptied is derived from then on, and never cleared', async () => {
  const stage = await openStage({ graph: calm });
  const ann = stage.hire('Ann Lee', { displayName: 'Annie Oak' });
  await stage.sync();
  stage.directory.updateUser(ann, { surname: null });
  expect(facts(await stage.sync())).toEqual({ SurnameChanged: 1, CommandSucceeded: 1 });
  expect(stage.account(ann)).toMatchObject({ firstName: 'Ann', lastName: 'Oak' });
});

it('FC-58 somebody without any name that can be seen is parked alone, not asked for every round, and arrives once named', async () => {
  const stage = await openStage({ graph: calm });
  const nobody = stage.hire('Some One', nameless('\u200b\u2060'));
  stage.crew(3);
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 4, people: { inScope: 4, linked: 3, parked: 1 } });
  expect(attentionOf(report, nobody)).toEqual(['parked: no-name']);
  stage.newWrites();
  for (let round = 0; round < 3; round += 1) {
    const again = await stage.sync();
    expect(again).toMatchObject({ exitCode: 4, events: {} });
    expect(succeeded(again)).toEqual({});
  }
  expect(stage.newWrites()).toEqual([]);
  stage.directory.updateUser(nobody, { displayName: 'Plato' });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 4, parked: 0 } });
  expect(stage.account(nobody)).toMatchObject({ firstName: 'Plato', lastName: 'Plato' });
});
