import { expect, it } from 'vitest';
import {
  connectionTo,
  eventsOf,
  hire,
  lastingStores,
  openCompany,
  openRunning,
  stopped,
} from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

/** A company in step, its subscriptions made, and the follow-up of the start behind it. */
const inStep = async (more: Partial<Parameters<typeof openRunning>[1]> = {}) => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  const running = await openRunning([company], { time, notified: true, ...more });
  const connection = await running.engine.add(connectionTo(company));
  running.engine.start();
  await time.until(() => company.subscriptions.list().length === 2 && running.cycles.length >= 2, MINUTE);
  await time.pass(10_000);
  return { ...running, company, ann, connection };
};

it('a notification is followed by a round within 5 s, and by another one a minute later', async () => {
  const { time, company, ann, cycles, notify, connection } = await inStep();
  const before = cycles.length;
  company.directory.updateUser(ann, { givenName: 'Anna' });
  expect((await notify(company)).status).toBe(202);
  await time.pass(5_000);
  expect(cycles.slice(before)).toMatchObject([{ trigger: 'notification', ok: true }]);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  await time.pass(50_000);
  expect(cycles.length).toBe(before + 1);
  await time.pass(10_000);
  expect(cycles.slice(before + 1)).toMatchObject([{ trigger: 'notification', ok: true, events: {} }]);
  expect((await eventsOf(connection, 'NotificationsReceived')).map(({ data }) => data)).toMatchObject([{ count: 1 }]);
});

it('a burst of notifications is one round per 5 s, and the inbox is empty afterwards', async () => {
  const { time, company, cycles, notify, stores } = await inStep();
  // A poll may be due meanwhile: that one is not the burst's doing.
  const notified = (): number => cycles.filter(({ trigger }) => trigger === 'notification').length;
  const before = notified();
  for (let second = 0; second < 20; second += 1) {
    for (let n = 0; n < 25; n += 1) await notify(company);
    await time.pass(1_000);
  }
  expect(notified() - before).toBeGreaterThanOrEqual(4);
  expect(notified() - before).toBeLessThanOrEqual(5);
  await time.pass(10_000);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  expect(notified() - before).toBeLessThanOrEqual(6);
});

it('notifications that changed nothing append nothing', async () => {
  const { time, company, notify, connection } = await inStep();
  const before = await eventsOf(connection);
  for (let n = 0; n < 5; n += 1) {
    await notify(company);
    await time.pass(30_000);
  }
  expect((await eventsOf(connection)).slice(before.length)).toEqual([]);
});

it('marks that an earlier process left in the inbox are taken up by the next one', async () => {
  const stores = lastingStores();
  const { time, company, ann, engine } = await inStep({ stores });
  await stopped(time, engine);
  company.directory.updateUser(ann, { givenName: 'Anna' });
  const receivedAt = time.now().toISOString();
  await stores.inbox.mark([{ tenantId: company.tenantId, resource: 'users', receivedAt, count: 3 }]);
  const next = await openRunning([company], { time, notified: true, stores });
  const connection = await next.engine.add(connectionTo(company));
  next.engine.start();
  await time.until(() => next.cycles.length > 0, MINUTE);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  expect((await eventsOf(connection, 'NotificationsReceived')).map(({ data }) => data)).toEqual([
    { count: 3, first: receivedAt, last: receivedAt },
  ]);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
});

it('two connections of one tenant share the subscriptions, and both follow a notification', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  const { engine, cycles, notify, stores } = await openRunning([company], { time, notified: true });
  await engine.add(connectionTo(company, { connectionId: 'one' }));
  await engine.add(connectionTo(company, { connectionId: 'two' }));
  engine.start();
  await time.until(() => company.subscriptions.list().length === 2, MINUTE);
  await time.pass(10_000);
  const before = cycles.length;
  company.directory.updateUser(ann, { givenName: 'Anna' });
  await notify(company);
  await time.pass(5_000);
  const notified = cycles.slice(before).map(({ connectionId, trigger }) => [connectionId, trigger]);
  expect(notified.sort()).toEqual([
    ['one', 'notification'],
    ['two', 'notification'],
  ]);
  expect(company.subscriptions.list()).toHaveLength(2);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  const posts = company.requests.matching({ system: 'graph', method: 'POST', path: /\/subscriptions$/ });
  expect(posts).toHaveLength(2);
});
