import { expect, it } from 'vitest';
import { connectionTo, hire, lastingStores, openCompany, openRunning, stopped } from '../../support/running-engine.js';
import { calm } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it('held deactivations are told to the host when they begin, daily, and not again for a restart', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const people = Array.from({ length: 8 }, (_, n) => hire(company, `Crew Member${String(n)}`));
  const stores = lastingStores();
  const options = { time, stores };
  const wiring = connectionTo(company, { schedule: { pollSeconds: 1_200 } });
  const first = await openRunning([company], options);
  await first.engine.add(wiring);
  first.engine.start();
  await time.until(() => first.cycles.length === 1, MINUTE);
  for (const userId of people.slice(0, 6)) company.directory.removeMember(company.scopeGroupId, userId);
  await time.pass(2 * HOUR);
  expect(first.alerts).toEqual([
    { kind: 'held', connectionId: 'fabrikam', counts: { people: 6, deactivations: 6, creations: 0 } },
  ]);
  await stopped(time, first.engine);
  const second = await openRunning([company], options);
  await second.engine.add(wiring);
  second.engine.start();
  await time.pass(2 * HOUR);
  expect(second.alerts).toEqual([]);
  await time.pass(21 * HOUR);
  expect(second.alerts.map(({ kind }) => kind)).toEqual(['held']);
});

it('FC-39: while our address is down all changes come with the polls, and the silence is told', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const ann = hire(company, 'Ann Lee');
  const { engine, alerts, cycles, notify } = await openRunning([company], { time, notified: true });
  const connection = await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => company.subscriptions.list().length === 2, MINUTE);
  await notify(company);
  await time.pass(10 * MINUTE);
  const lastAt = (await connection.status()).live.webhook.lastNotificationAt;
  expect(lastAt).not.toBeNull();
  for (let hour = 0; hour < 5; hour += 1) {
    company.directory.updateUser(ann, { jobTitle: `Title ${String(hour)}` });
    await time.pass(HOUR);
    expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ jobTitle: `Title ${String(hour)}` });
  }
  expect(cycles.every(({ ok }) => ok)).toBe(true);
  const { live, freshness } = await connection.status();
  expect(live.webhook).toMatchObject({ state: 'ok', lastNotificationAt: lastAt });
  expect(live.webhook.problem).toMatch(/^No notification came since .*, while polls found changes/);
  expect(freshness?.ageSeconds).toBeLessThanOrEqual(330);
  expect(alerts.map(({ kind }) => kind)).toEqual(['notifications']);
  await notify(company);
  await time.pass(MINUTE);
  expect((await connection.status()).live.webhook.problem).toBeNull();
});

it.each([
  [4.5, []],
  [5.5, [{ kind: 'old-links', connectionId: 'fabrikam', counts: { daysLeft: 1 } }]],
])(
  'a delta link near the end of its life is told of, also of a connection that is paused (%d days)',
  async (days, told) => {
    const time = makeVirtualTime();
    const company = await openCompany(time);
    hire(company, 'Ann Lee');
    const stores = lastingStores();
    const by = { actor: 'a test', reason: 'a test' };
    const first = await openRunning([company], { time, stores });
    const paused = await first.engine.add(connectionTo(company));
    first.engine.start();
    await time.until(() => first.cycles.length === 1, MINUTE);
    await paused.pause(by);
    await stopped(time, first.engine);
    await time.pass(days * 24 * HOUR);
    const second = await openRunning([company], { time, stores });
    const connection = await second.engine.add(connectionTo(company));
    second.engine.start();
    await time.pass(10 * MINUTE);
    const links = () => second.alerts.filter(({ kind }) => kind === 'old-links');
    expect(links()).toEqual(told);
    // With the next round the link has moved, and the condition is over.
    await connection.resume(by);
    await time.pass(10 * MINUTE);
    expect(second.cycles.at(-1)?.ok).toBe(true);
    expect((await connection.status()).cursors.every(({ ageSeconds }) => ageSeconds < 24 * 3_600)).toBe(true);
    expect(links()).toEqual(told);
  },
);

it('FC-22: a round that is begun for the third time is told to the host, and is over with one that ends', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time, 1, { ...calm, pageSize: { min: 1, max: 1 } });
  for (let n = 0; n < 6; n += 1) hire(company, `Crew Member${String(n)}`);
  const { engine, alerts, cycles } = await openRunning([company], { time });
  const sync = await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => cycles.some(({ ok }) => ok), HOUR);
  for (const { id } of company.directory.users()) company.directory.updateUser(id, { jobTitle: 'Writer' });
  const refused = company.faults.add({
    system: 'graph',
    path: /\/users\/.*delta/,
    match: ({ query }) => [...query.keys()].some((name) => /skiptoken/i.test(name)),
    action: { status: 400, body: { error: { code: 'Directory_ExpiredPageToken', message: 'aged' } } },
  });
  await time.pass(2 * HOUR);
  const restarted = () => alerts.filter(({ kind }) => kind === 'restarted-round');
  expect(restarted()).toMatchObject([{ counts: { rounds: 1 } }]);
  expect(restarted()[0]?.counts['starts']).toBeGreaterThanOrEqual(3);
  expect((await sync.status()).restartedRounds).toMatchObject([{ source: 'users' }]);
  refused.remove();
  await time.pass(2 * HOUR);
  expect(cycles.at(-1)?.ok).toBe(true);
  expect(await sync.status()).not.toHaveProperty('restartedRounds');
  expect(restarted()).toHaveLength(1);
});
