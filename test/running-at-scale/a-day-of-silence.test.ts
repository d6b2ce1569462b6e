import { expect, it } from 'vitest';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `CONNECTIONS=200 POLL=300`: a day as it is by default, in ten minutes of real time. */
const size = (name: string, usual: number): number => Number(process.env[name] ?? usual);

const CONNECTIONS = size('CONNECTIONS', 100);
const TENANTS = 4;
const POLL_SECONDS = size('POLL', 7_200);
const HOURS = size('HOURS', 24);

it(`${CONNECTIONS} connections at rest append a handful of events each, and forget nothing they were told to do`, async () => {
  const time = makeVirtualTime();
  const companies = await Promise.all(Array.from({ length: TENANTS }, (_, at) => openCompany(time, at + 1)));
  for (const company of companies) for (const name of ['Ann Lee', 'Bob Ray']) hire(company, name);
  const { engine, cycles } = await openRunning(companies, { time });
  for (let at = 0; at < CONNECTIONS; at += 1) {
    const company = companies[at % TENANTS];
    if (company !== undefined)
      await engine.add(
        connectionTo(company, { connectionId: `company-${at}`, schedule: { pollSeconds: POLL_SECONDS } }),
      );
  }
  engine.start();
  await time.until(() => cycles.length >= CONNECTIONS, HOUR);
  expect(cycles.every(({ ok }) => ok)).toBe(true);
  const before = cycles.length;

  await time.pass(HOURS * HOUR);

  const quiet = cycles.slice(before);
  const perConnection = quiet.length / CONNECTIONS;
  expect(quiet.every(({ ok }) => ok)).toBe(true);
  // Each poll came, a tenth early or late at most.
  expect(perConnection).toBeGreaterThanOrEqual((HOURS * 3_600) / (POLL_SECONDS * 1.1) - 1);
  expect(perConnection).toBeLessThanOrEqual((HOURS * 3_600) / (POLL_SECONDS * 0.9) + 2);
  const appended = new Map<string, number>();
  for (const { connectionId, events } of quiet)
    appended.set(
      connectionId,
      (appended.get(connectionId) ?? 0) + Object.values(events).reduce((sum, count) => sum + count, 0),
    );
  expect(appended.size).toBe(CONNECTIONS);
  expect(Math.max(...appended.values())).toBeLessThanOrEqual(12);
  // Nobody's link grew older than a day: at seven days it would be refused.
  const [status] = await engine.status();
  for (const { ageSeconds } of status?.cursors ?? []) expect(ageSeconds).toBeLessThan(26 * 3_600);
  expect(await eventsOf(engine.connection('company-0'), 'UserLeftGroup', 'CommandsHeld', 'SyncAborted')).toEqual([]);
}, 1_800_000);
