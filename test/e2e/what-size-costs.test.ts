import { openMemoryStores } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { jsonProjections } from '../support/json-projections.js';
import { openKnownCompany } from '../support/known-company.js';
import { succeeded } from '../support/report.js';
import { calm, openStage } from '../support/stage.js';

// By counts, which are the same on every machine: what grows with the company, and how. The times are measured by
// `test/bench/scale.bench.ts`.

/** What attaching a group of 50 people, who are in the company already, costs a company of so many people. */
const costOfSubgroup = async (people: number) => {
  const company = await openKnownCompany(people, { ...openMemoryStores(), projections: jsonProjections() });
  const { engine, attachSubgroup, rows, requests } = company;
  const before = { ...rows, requests: requests() };
  attachSubgroup(50);
  const report = await engine.sync({ photos: false });
  expect(report).toMatchObject({ ok: true, events: { GroupMemberAdded: 51 }, people: { inScope: people } });
  expect(succeeded(report)).toEqual({});
  await engine.close();
  return {
    read: rows.read - before.read,
    written: rows.written - before.written,
    requests: requests() - before.requests,
  };
};

/** What a first read of so many people, up to the plan, costs each of them. */
const costOfFirstRead = async (people: number) => {
  const stage = await openStage({
    graph: { ...calm, pageSize: { min: 50, max: 50 }, sliceSize: { min: 100, max: 100 } },
    storage: 'memory',
    accessLog: 'off',
  });
  stage.crew(people);
  const report = await stage.engine().sync({ confirmFirstSync: () => Promise.resolve(false) });
  expect(report).toMatchObject({ error: { code: 'declined' }, people: { inScope: people } });
  const events = Object.values(report.events).reduce((sum, count) => sum + count, 0);
  return { requests: report.requests.graph / people, events: events / people };
};

it('a subgroup asks and writes the same among 2,000 people as among 500, and no more than six rows of each of them', async () => {
  const [small, large] = [await costOfSubgroup(500), await costOfSubgroup(2_000)];
  expect({ ...large, read: 0 }).toEqual({ ...small, read: 0 });
  // An edge between groups may move anybody: everybody's place is looked at, and their edges are read once for each process.
  expect(large.read - small.read).toBeLessThanOrEqual(6 * 1_500);
});

it('a first read of 1,200 people asks no more for each of them than one of 300, and records no more', async () => {
  const [small, large] = [await costOfFirstRead(300), await costOfFirstRead(1_200)];
  expect(large.requests).toBeLessThanOrEqual(small.requests);
  expect(large.events).toBeLessThanOrEqual(small.events);
});
