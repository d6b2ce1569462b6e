import { expect, it } from 'vitest';
import { facts, succeeded } from '../../support/report.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };
type Body = { readonly value: ReadonlyArray<Entry> };

/** Rewrites the entries of one person on each page of `users/delta` that has one. */
const tell = (stage: Stage, userId: string, again: (entry: Entry) => ReadonlyArray<Entry>) =>
  stage.simulator.faults.add({
    system: 'graph',
    path: /\/users\/.*delta/,
    match: ({ query }) => ![...query.values()].includes('latest'),
    action: {
      rewrite: (response) => {
        const body = response.body as Body;
        return { ...response, body: { ...body, value: body.value.flatMap((e) => (e.id === userId ? again(e) : [e])) } };
      },
    },
  });

it('FC-19 the same entry three times on one page is one change and one command', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  const told = tell(stage, ann, (entry) => [entry, entry, entry]);
  stage.directory.updateUser(ann, { jobTitle: 'Architect', department: 'Sales' });
  const report = await stage.sync();
  expect(told.hits()).toBeGreaterThan(0);
  expect(facts(report)).toMatchObject({ JobTitleChanged: 1, DepartmentChanged: 1 });
  expect(succeeded(report)).toEqual({ EnsureTeam: 1, UpdateProfile: 1, SetPrimaryTeam: 1 });
  expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', department: 'Sales' });
});

it('FC-19 of different mentions on one page none is believed: a direct read decides', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(6, { jobTitle: 'Engineer', officeLocation: 'Lisbon' });
  await stage.sync();
  tell(stage, ann, (entry) => [
    { ...entry, jobTitle: 'Draft', officeLocation: 'Porto' },
    { id: ann, jobTitle: 'Second draft' },
    { id: ann, jobTitle: 'Third draft' },
  ]);
  stage.directory.updateUser(ann, { jobTitle: 'Architect' });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(succeeded(report)).toEqual({ UpdateProfile: 1 });
  expect(stage.account(ann)).toMatchObject({ jobTitle: 'Architect', location: 'Lisbon' });
});

it('FC-19 an entry that is repeated on a later page, as ordinary servers do, adds nothing', async () => {
  const stage = await openStage({ graph: { pageSize: { min: 1, max: 1 }, emptyPages: false } });
  const crew = stage.crew(20, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.newWrites();
  for (const [index, id] of crew.entries()) stage.directory.updateUser(id, { jobTitle: `Title ${index}` });
  const report = await stage.sync();
  expect(facts(report)).toEqual({ JobTitleChanged: 20, CommandSucceeded: 20 });
  expect(stage.newWrites()).toHaveLength(20);
  for (const [index, id] of crew.entries()) expect(stage.account(id).jobTitle).toBe(`Title ${index}`);
});

it('FC-19 a round that is told again whole, members and people, adds nothing', async () => {
  const stage = await openStage({ graph: { replays: true, duplicates: true } });
  const crew = stage.crew(10, { jobTitle: 'Engineer' });
  await stage.sync();
  stage.directory.updateUser(crew[0] ?? '', { jobTitle: 'Architect' });
  await stage.sync();
  stage.newWrites();
  // Older delta links are valid for days: what they tell is known.
  for (const source of ['users', 'groups']) {
    const first = stage.simulator.requests.matching({ system: 'graph', path: new RegExp(`/${source}/.*delta`) });
    expect(first.length).toBeGreaterThan(1);
  }
  const reread = await stage.sync({ full: true });
  const { DeltaCursorDropped, ...others } = facts(reread);
  expect(DeltaCursorDropped).toBeGreaterThan(0);
  expect(others).toEqual({});
  expect(reread.commands).toEqual({});
  expect(stage.newWrites()).toEqual([]);
});
