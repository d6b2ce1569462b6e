import { expect, it } from 'vitest';
import { by } from '../../support/decide.js';
import { openInStep } from '../../support/in-step.js';
import { during, eventsOf, stopped } from '../../support/running-engine.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const eve = { actor: 'Eve Admin', reason: 'a test' };

/** A company in step, with eight people of whom six then leave and are held. */
const openHeld = async (notified = false) => {
  const names = Array.from({ length: 8 }, (_, n) => `Crew Member${n}`);
  const { crew, ...running } = await openInStep(names, { notified });
  const { time, company } = running;
  const leave = async (): Promise<void> => {
    for (const userId of crew.slice(0, 6)) company.directory.removeMember(company.scopeGroupId, userId);
    await time.until(() => running.cycles.at(-1)?.exitCode === 3, 10 * MINUTE);
  };
  const gone = (): number =>
    crew.filter((userId) => company.learnAmp.accountByExternalId(userId)?.status === 'deactivated').length;
  return { ...running, leave, gone };
};

it('FC-07 an approval is delivered at once by the engine that runs, whichever process records it', async () => {
  const { time, engine, connection, another, leave, gone } = await openHeld();
  await leave();
  const { people } = await connection.held();
  const [first, ...others] = people.map(({ userId }) => userId);
  await during(time, connection.approveHeld(by('one of them', first ?? '')));
  await time.pass(5 * SECOND);
  expect(gone()).toBe(1);
  const elsewhere = another();
  expect((await elsewhere.approveHeld(by('all others'))).decided).toHaveLength(others.length);
  await time.pass(5 * SECOND);
  expect(gone()).toBe(6);
  await stopped(time, engine);
});

it('FC-74 a connection that is ended takes its subscriptions with it, begins no cycle, and makes new ones when it is connected again', async () => {
  const { time, engine, company, connection, cycles, gone } = await openHeld(true);
  await time.until(() => company.subscriptions.list().length === 2, MINUTE);
  await during(time, connection.disconnect(eve));
  expect(company.subscriptions.list()).toEqual([]);
  const ended = cycles.length;
  const requests = company.requests.counts().graph;
  await time.pass(2 * 60 * MINUTE);
  expect(cycles).toHaveLength(ended);
  expect(company.requests.counts().graph).toBe(requests);
  expect(company.subscriptions.list()).toEqual([]);
  expect(await connection.status()).toMatchObject({ disconnectedAt: expect.any(String) as unknown });
  await during(time, connection.resume(eve));
  await time.until(() => company.subscriptions.list().length === 2, 10 * MINUTE);
  expect(cycles.length).toBeGreaterThan(ended);
  expect(gone()).toBe(0);
  expect((await eventsOf(connection, 'ConnectionDisconnected', 'ConnectionResumed')).map(({ type }) => type)).toEqual([
    'ConnectionDisconnected',
    'ConnectionResumed',
  ]);
  await stopped(time, engine);
});

it('FC-74 an end that another process records is obeyed within seconds, and keeps an engine from stopping in no way', async () => {
  const { time, engine, company, another, cycles } = await openHeld(true);
  await time.until(() => company.subscriptions.list().length === 2, MINUTE);
  await another().disconnect(eve);
  await time.pass(5 * SECOND);
  const ended = cycles.length;
  await time.pass(30 * MINUTE);
  expect(cycles).toHaveLength(ended);
  expect(company.subscriptions.list()).toEqual([]);
  await stopped(time, engine);
});
