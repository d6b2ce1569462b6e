import { openMemoryStores } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { jsonProjections } from '../support/json-projections.js';
import { openKnownCompany } from '../support/known-company.js';
import { facts, succeeded } from '../support/report.js';

/** What one changed department costs a company of so many people: of a plain member, and of a manager of many. */
const costOfOneChange = async (people: number, person: number) => {
  const company = await openKnownCompany(people, { ...openMemoryStores(), projections: jsonProjections() });
  const { engine, moveToDepartment, rows, requests } = company;
  const before = { ...rows, requests: requests() };
  moveToDepartment(person, person + 1);
  const report = await engine.sync({ photos: false });
  expect(facts(report)).toMatchObject({ DepartmentChanged: 1, CommandSucceeded: 2 });
  expect(succeeded(report)).toEqual({ UpdateProfile: 1, SetPrimaryTeam: 1 });
  const cost = {
    read: rows.read - before.read,
    lookups: rows.lookups - before.lookups,
    written: rows.written - before.written,
    commits: rows.commits - before.commits,
    requests: requests() - before.requests,
    events: report.events,
  };
  await engine.close();
  return cost;
};

it.each([
  ['somebody', 777],
  ['a manager', 7],
])('one changed department of %s costs the same among 5,000 people as among 1,000', async (_, person) => {
  const small = await costOfOneChange(1_000, person);
  const large = await costOfOneChange(5_000, person);
  expect(large).toEqual(small);
  // A handful for each event, not for each person.
  expect(small.read).toBeLessThan(200);
  expect(small.written).toBeLessThan(60);
});

it('a quiet cycle reads no person and writes no row', async () => {
  const { engine, rows } = await openKnownCompany(500, { ...openMemoryStores(), projections: jsonProjections() });
  const before = { ...rows };
  expect((await engine.sync({ photos: false })).events).toEqual({});
  expect(rows.written).toBe(before.written);
  // Of five hundred: one row several times, which says that nothing is to be done.
  expect(rows.read - before.read).toBeLessThan(10);
  await engine.close();
});
