import { expect, it } from 'vitest';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it('syncs at once when it starts, and then by the clock: a change is there after one poll', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  const { engine, cycles } = await openRunning([company], { time });
  const connection = await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Ann' });
  company.directory.updateUser(ann, { givenName: 'Anna' });
  await time.pass(5 * MINUTE + 1_000);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  expect(cycles.map(({ trigger, ok }) => [trigger, ok])).toEqual([
    ['schedule', true],
    ['schedule', true],
  ]);
  expect((await eventsOf(connection, 'SyncStarted')).map(({ data }) => data)).toEqual([
    { trigger: 'schedule' },
    { trigger: 'schedule' },
  ]);
});

it('appends nothing for a day in which nothing happens but for one full cycle', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  hire(company, 'Ann Lee');
  const { engine, cycles } = await openRunning([company], { time });
  const connection = await engine.add(connectionTo(company, { schedule: { pollSeconds: 1_200 } }));
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  const before = (await eventsOf(connection)).length;
  await time.pass(DAY + 30 * MINUTE);
  const events = (await eventsOf(connection)).slice(before);
  expect(cycles.filter(({ trigger }) => trigger === 'full')).toHaveLength(1);
  expect(cycles.length).toBeGreaterThan(65);
  expect(events.length).toBeLessThanOrEqual(8);
  expect(events.map(({ type }) => type)).toContain('SyncCompleted');
  const { freshness } = await connection.status();
  expect(freshness?.ageSeconds).toBeLessThanOrEqual(1_320);
});
