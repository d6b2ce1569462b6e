import type { SyncReport } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { connectionTo, hire, lastingStores, openCompany, openRunning, stopped } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const of = (cycles: ReadonlyArray<SyncReport>, connectionId: string) =>
  cycles.filter((report) => report.connectionId === connectionId);

/** Two companies, each with a tenant of its own. */
const openTwo = async (more: Parameters<typeof openRunning>[1] & { readonly pollSeconds?: number } = {}) => {
  const { pollSeconds = 300, ...options } = more;
  const time = makeVirtualTime();
  const [one, two] = [await openCompany(time, 1), await openCompany(time, 2)];
  const [ann, ben] = [hire(one, 'Ann Lee'), hire(two, 'Ben Day')];
  const running = await openRunning([one, two], { time, ...options });
  await running.engine.add(connectionTo(one, { connectionId: 'one', schedule: { pollSeconds } }));
  await running.engine.add(connectionTo(two, { connectionId: 'two', schedule: { pollSeconds } }));
  running.engine.start();
  await time.until(() => running.cycles.length === 2, MINUTE);
  return { ...running, one, two, ann, ben };
};

it('I-15: a connection whose Graph fails backs off alone, up to a quarter of an hour, and comes back by itself', async () => {
  const { time, one, two, ben, cycles, engine } = await openTwo();
  const broken = one.faults.add({ system: 'graph', action: 'reset' });
  two.directory.updateUser(ben, { givenName: 'Benno' });
  await time.pass(5 * MINUTE + 1_000);
  expect(two.learnAmp.accountByExternalId(ben)).toMatchObject({ firstName: 'Benno' });
  await time.pass(2 * HOUR);
  const failed = of(cycles, 'one').filter(({ ok }) => !ok);
  expect(failed.map(({ error }) => error?.code)).toEqual(failed.map(() => 'graph-unreachable'));
  const starts = failed.map(({ startedAt }) => Date.parse(startedAt) / MINUTE);
  const gaps = starts.slice(1).map((at, n) => at - (starts[n] ?? 0));
  expect(gaps[0]).toBeLessThan(7);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(17.5);
  expect(Math.max(...gaps)).toBeGreaterThan(12);
  expect(of(cycles, 'two').length).toBeGreaterThanOrEqual(22);
  expect(of(cycles, 'two').every(({ ok }) => ok)).toBe(true);
  const [status] = await engine.status();
  expect(status?.live).toMatchObject({ cycle: 'waiting', lastError: { code: 'graph-unreachable' } });
  broken.remove();
  await time.pass(17 * MINUTE);
  expect(of(cycles, 'one').at(-1)).toMatchObject({ ok: true });
});

it('I-15: a tenant that is throttled waits as told, and no other waits with it', async () => {
  const { time, one, two, cycles } = await openTwo();
  one.faults.add({ system: 'graph', times: 1, action: { status: 429, headers: { 'retry-after': '900' } } });
  await time.pass(6 * MINUTE);
  const asked = one.requests.counts().graph;
  await time.pass(10 * MINUTE);
  expect(one.requests.counts().graph).toBe(asked);
  expect(of(cycles, 'one')).toHaveLength(1);
  expect(of(cycles, 'two').length).toBeGreaterThanOrEqual(4);
  await time.pass(6 * MINUTE);
  expect(of(cycles, 'one').at(-1)).toMatchObject({ ok: true });
  expect(of(cycles, 'one').every(({ ok }) => ok)).toBe(true);
  expect(two.requests.counts().graph).toBeGreaterThan(0);
});

it('I-15: refused credentials of one company are told once a day, and nothing is asked of the others', async () => {
  const { time, one, two, cycles, alerts } = await openTwo({ pollSeconds: 1_800 });
  one.faults.add({
    system: 'graph',
    action: { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
  });
  await time.pass(3 * HOUR);
  expect(of(cycles, 'one').at(-1)).toMatchObject({ ok: false, error: { code: 'graph-credentials' } });
  const told = alerts.filter(({ kind }) => kind === 'credentials');
  expect(told).toMatchObject([{ connectionId: 'one' }]);
  expect(alerts.filter(({ kind }) => kind === 'stale')).toMatchObject([{ connectionId: 'one' }]);
  expect(alerts.every(({ connectionId }) => connectionId === 'one')).toBe(true);
  await time.pass(22 * HOUR);
  expect(alerts.filter(({ kind }) => kind === 'credentials')).toHaveLength(2);
  expect(two.requests.counts().graph).toBeGreaterThan(0);
});

it('I-15: a Learn Amp that asks to wait is waited for as told, by its own company alone', async () => {
  const { time, one, two, ann, ben, cycles } = await openTwo();
  one.faults.add({ system: 'learnAmp', times: 1, action: { status: 429, headers: { 'retry-after': '400' } } });
  one.directory.updateUser(ann, { givenName: 'Anna' });
  two.directory.updateUser(ben, { givenName: 'Benno' });
  const asked = one.requests.count({ system: 'learnAmp' });
  const read = one.requests.count({ system: 'graph' });
  await time.pass(6 * MINUTE);
  // Nobody asks Learn Amp before the time it named, and Graph is read meanwhile.
  expect(one.requests.count({ system: 'learnAmp' })).toBe(asked + 1);
  expect(one.requests.count({ system: 'graph' })).toBeGreaterThan(read);
  expect(one.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Ann' });
  expect(two.learnAmp.accountByExternalId(ben)).toMatchObject({ firstName: 'Benno' });
  await time.pass(12 * MINUTE);
  expect(one.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  const waited = cycles
    .filter(({ ok }) => !ok)
    .map(({ connectionId, error }) => `${connectionId} ${error?.code ?? ''}`);
  expect(new Set(waited)).toEqual(new Set(['one throttled']));
});

it('stop lets the running cycle end within the deadline, and begins nothing more', async () => {
  const { time, one, cycles, engine } = await openTwo();
  const ann = hire(one, 'Cleo Fox');
  one.faults.add({ system: 'graph', times: 1, action: { status: 503, headers: { 'retry-after': '5' } } });
  const before = cycles.length;
  const connection = engine.connection('one');
  const syncing = connection?.sync();
  await time.pass(SECOND);
  await stopped(time, engine, 20 * SECOND);
  expect(await syncing).toMatchObject({ ok: true });
  expect(one.learnAmp.accountByExternalId(ann)).toBeDefined();
  expect(cycles).toHaveLength(before + 1);
  expect(time.timers()).toBe(0);
  const requests = one.requests.counts().graph;
  await time.pass(HOUR);
  expect(one.requests.counts().graph).toBe(requests);
  await expect(connection?.sync()).rejects.toMatchObject({ code: 'stopped' });
});

it('stop ends what still runs at the deadline, and the next process goes on from there', async () => {
  const stores = lastingStores();
  const { time, one, engine, cycles } = await openTwo({ stores });
  const cleo = hire(one, 'Cleo Fox');
  one.faults.add({ system: 'graph', times: 1, action: { status: 429, headers: { 'retry-after': '600' } } });
  const syncing = engine.connection('one')?.sync();
  await time.pass(SECOND);
  const began = time.now().getTime();
  await stopped(time, engine, 10 * SECOND);
  expect(time.now().getTime() - began).toBeLessThanOrEqual(10 * SECOND);
  expect(await syncing).toMatchObject({ ok: false, error: { code: 'stopped' } });
  expect(time.timers()).toBe(0);
  const next = await openRunning([one], { time, stores });
  await next.engine.add(connectionTo(one, { connectionId: 'one' }));
  next.engine.start();
  const requests = one.requests.counts().graph;
  await time.pass(5 * MINUTE);
  // The wait that Graph asked for outlives the process that was asked.
  expect(one.requests.counts().graph).toBe(requests);
  await time.pass(6 * MINUTE);
  expect(one.learnAmp.accountByExternalId(cleo)).toBeDefined();
  expect(cycles.length).toBeGreaterThan(0);
});

it('a connection that was removed is left alone, and may be added again', async () => {
  const { time, one, two, engine } = await openTwo();
  await engine.remove('one');
  expect(engine.connection('one')).toBeUndefined();
  const requests = one.requests.counts();
  const others = two.requests.counts().graph;
  await time.pass(30 * MINUTE);
  expect(one.requests.counts()).toEqual(requests);
  expect(two.requests.counts().graph).toBeGreaterThan(others);
  await engine.add(connectionTo(one, { connectionId: 'one' }));
  await time.pass(SECOND);
  expect(one.requests.counts().graph).toBeGreaterThan(requests.graph);
  await expect(engine.add(connectionTo(one, { connectionId: 'one' }))).rejects.toThrow(/added already/);
});

it('I-15: a connection whose own log answers nobody lets no other connection seem dead', async () => {
  const { time, engine, one } = await openTwo();
  const own = lastingStores();
  let answers = (): Promise<void> => Promise.resolve();
  let free: () => void = () => undefined;
  const head: typeof own.log.head = (stream) => async () => {
    await answers();
    return own.log.head(stream)();
  };
  await engine.add(connectionTo(one, { connectionId: 'silent', stores: { ...own, log: { ...own.log, head } } }));
  await time.pass(30 * SECOND);
  const silence = new Promise<void>((resolve) => {
    free = resolve;
  });
  answers = () => silence;
  await time.pass(2 * MINUTE);
  expect((await engine.connection('two')?.status())?.live.running).toBe(true);
  answers = () => Promise.resolve();
  free();
});
