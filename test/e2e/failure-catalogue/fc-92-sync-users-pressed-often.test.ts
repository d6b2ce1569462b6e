import { expect, it } from 'vitest';
import { connectionTo, during, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

const inStep = async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time, 92);
  hire(company, 'Ann Lee');
  const running = await openRunning([company], { time });
  const connection = await running.engine.add(connectionTo(company));
  running.engine.start();
  await time.until(() => running.cycles.length === 1, MINUTE);
  return { ...running, company, connection };
};

it('FC-92: presses while a cycle runs share exactly one more, and each actor is recorded once', async () => {
  const { time, connection, cycles } = await inStep();
  const first = connection.sync({ actor: 'ann' });
  const presses = ['ben', 'cleo', 'ben', 'ben', 'dan'].map((actor) => connection.sync({ actor }));
  const reports = await during(time, Promise.all([first, ...presses]));
  expect(cycles).toHaveLength(3);
  expect(new Set(reports)).toEqual(new Set(cycles.slice(1)));
  const actors = (await eventsOf(connection, 'SyncRequested')).map(({ data }) => (data as { actor: string }).actor);
  expect(actors.sort()).toEqual(['ann', 'ben', 'cleo', 'dan']);
});

it('FC-92: a press while Graph asks to wait says until when, and does not break the wait', async () => {
  const { time, company, connection } = await inStep();
  company.faults.add({ system: 'graph', times: 1, action: { status: 429, headers: { 'retry-after': '300' } } });
  const asked = time.now().getTime();
  const pressed = connection.sync({ actor: 'ann' });
  await time.pass(30_000);
  const { live } = await connection.status();
  expect(live).toMatchObject({ running: true, cycle: 'waiting' });
  expect(Date.parse(live.waitingUntil ?? '') - asked).toBeGreaterThanOrEqual(299_000);
  const requests = company.requests.counts().graph;
  const again = connection.sync({ actor: 'ben' });
  await time.pass(200_000);
  expect(company.requests.counts().graph).toBe(requests);
  const [one, two] = await during(time, Promise.all([pressed, again]));
  expect([one.ok, two.ok]).toEqual([true, true]);
  expect(time.now().getTime() - asked).toBeGreaterThanOrEqual(300_000);
});
