import { expect, it } from 'vitest';
import { canaries, canaryName, canaryProfile } from '../../support/person-canary.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage } from '../../support/stage.js';

const by = { actor: 'Dora Data' };

/** A company of ten and one with canaries in all that is synced, whose manager is among the ten. */
const openCompany = async () => {
  const stage = await openStage({
    graph: calm,
    preferences: { customFields: { employeeId: 'Phone' } },
    learnAmp: { customFields: [{ name: 'Phone' }] },
  });
  const crew = stage.crew(9, { department: 'Sales' });
  const boss = stage.hire('Zebulon Quartermaine', { department: 'Sales' });
  const xq = stage.hire(canaryName, { ...canaryProfile, department: 'Sales' });
  stage.directory.setManager(xq, boss);
  stage.directory.setManager(crew[0] ?? '', xq);
  await stage.sync();
  stage.directory.updateUser(xq, { jobTitle: 'Vexillologist of canaries' });
  await stage.sync();
  return { stage, crew, boss, xq };
};

it('holds everything that was ever told of the person, opened, with commands and receipts', async () => {
  const { stage, xq } = await openCompany();
  const document = await stage.engine().exportPerson(idOf(xq), by);
  const text = JSON.stringify(document).toLowerCase();
  expect(canaries.filter((canary) => !text.includes(canary.toLowerCase()))).toEqual([]);
  const about: string[] = [];
  for await (const event of stage.engine().events({ userIds: [idOf(xq)] })) about.push(event.revision);
  expect(document.events.map(({ revision }) => revision)).toEqual(about);
  expect(document.commands.map(({ kind }) => kind)).toContain('UpdateProfile');
  expect(document.profile).toMatchObject({ inScope: true, attributes: { displayName: canaryName } });
  expect(document.learnAmp).toMatchObject({ learnAmpUserId: String(stage.account(xq).id), primaryTeam: 'Sales' });
  expect(document.rows.map(({ table }) => table)).toEqual(
    expect.arrayContaining(['directory-people', 'delivered-people']),
  );
  expect(document.keys).toEqual([{ keyId: expect.any(String) as unknown, standing: 'present' }]);
  expect(document.elsewhere.join(' ')).toContain('Photos: the bytes are kept nowhere');
});

it('names other people by object id only, and leaves out those it shares an event with', async () => {
  const { stage, boss, crew, xq } = await openCompany();
  const document = await stage.engine().exportPerson(idOf(xq), by);
  const text = JSON.stringify(document);
  expect(text).not.toMatch(/Zebulon|Quartermaine|zebulon/);
  expect(text).not.toContain('Crew Member');
  expect(document.profile?.managerId).toBe(boss);
  // Dispatched in one batch with the person, and nothing else to do with them.
  expect(text).not.toContain(crew[5]);
});

it('says who was shown the data, this export included, and names nobody else who was shown', async () => {
  const { stage, crew, xq } = await openCompany();
  const other = idOf(crew[3] ?? '');
  for await (const person of stage.engine().people({ by, userIds: [idOf(xq), other] }))
    expect(person.linked).toBe(true);
  const document = await stage.engine().exportPerson(idOf(xq), { actor: 'Sam' });
  expect(document.accesses).toMatchObject([
    { view: 'people', userIds: [xq], actor: 'Dora Data' },
    { view: 'export', userIds: [xq], actor: 'Sam' },
  ]);
});

it('of somebody who was erased holds only what remains', async () => {
  const { stage, xq } = await openCompany();
  stage.leave(xq);
  await stage.sync();
  await stage.engine().erase(idOf(xq), { actor: 'Dora Data', reason: 'asked for' });
  const document = await stage.engine().exportPerson(idOf(xq), by);
  const text = JSON.stringify(document).toLowerCase();
  expect(canaries.filter((canary) => text.includes(canary.toLowerCase()))).toEqual([]);
  expect(document).toMatchObject({ profile: null, erased: { by: 'Dora Data', reason: 'asked for' } });
  expect(document.keys.map(({ standing }) => standing)).toEqual(['destroyed']);
  expect(document.events.length).toBeGreaterThan(5);
});

it('of somebody nobody knows is a document that holds nothing', async () => {
  const { stage } = await openCompany();
  const document = await stage.engine().exportPerson(idOf('00000000-0000-4000-8000-0000000000aa'), by);
  expect(document).toMatchObject({ profile: null, events: [], commands: [], keys: [], rows: [], hold: null });
});
