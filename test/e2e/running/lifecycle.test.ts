import type { Stores } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import {
  connectionTo,
  during,
  hire,
  lastingStores,
  openCompany,
  openRunning,
  stopped,
} from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

/** Stores of a connection's own, that are counted when they are closed. */
const countingStores = () => {
  let closed = 0;
  const own = lastingStores();
  const close = (): Promise<void> => {
    closed += 1;
    return Promise.resolve();
  };
  const stores: Stores = { ...own, log: { ...own.log, close } };
  return { stores, closed: () => closed };
};

const setUp = async (options: Parameters<typeof openRunning>[1] = {}) => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  hire(company, 'Ann Lee');
  const running = await openRunning([company], { time, ...options });
  return { ...running, company };
};

it('a connection that is being added while the engine stops is refused, closed, and never runs', async () => {
  const { time, engine, company, cycles } = await setUp();
  const { stores: own, closed } = countingStores();
  let stop: Promise<void> | undefined;
  const rows: Stores['projections']['rows'] = (fold) => {
    stop ??= stopped(time, engine);
    return own.projections.rows(fold);
  };
  const stores: Stores = { ...own, projections: { ...own.projections, rows } };
  engine.start();
  const adding = engine.add(connectionTo(company, { stores }));
  const refused = expect(adding).rejects.toMatchObject({ code: 'stopped' });
  await refused;
  await stop;
  expect(closed()).toBe(1);
  const requests = company.requests.counts();
  await time.pass(20 * MINUTE);
  expect(company.requests.counts()).toEqual(requests);
  expect(cycles).toEqual([]);
  expect(time.timers()).toBe(0);
});

it('a connection that is closed while the engine stops is closed once, and the engine with it', async () => {
  const { time, engine, company } = await setUp();
  const { stores, closed } = countingStores();
  const connection = await engine.add(connectionTo(company, { stores }));
  engine.start();
  await time.pass(MINUTE);
  await during(time, Promise.all([connection.close(), stopped(time, engine), connection.close()]));
  expect(closed()).toBe(1);
  expect(time.timers()).toBe(0);
});

it('a connection that is removed and added again in one breath runs on', async () => {
  const { time, engine, company, cycles } = await setUp();
  await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  const removing = engine.remove('fabrikam');
  const adding = engine.add(connectionTo(company, { connectionId: 'again' }));
  await during(time, Promise.all([removing, adding]));
  await time.until(() => cycles.length === 2, MINUTE);
  expect(cycles.at(-1)).toMatchObject({ connectionId: 'again', ok: true });
});

it('a connection that is removed while it is being added is gone afterwards', async () => {
  const { time, engine, company } = await setUp();
  const adding = engine.add(connectionTo(company));
  await during(time, Promise.all([adding, engine.remove('fabrikam')]));
  expect(engine.connection('fabrikam')).toBeUndefined();
});

it('what cannot be written or closed at the end keeps nothing else open', async () => {
  const lasting = lastingStores();
  let isFull = false;
  let inboxClosed = false;
  const stores: Stores = {
    ...lasting,
    cache: {
      ...lasting.cache,
      put: (key, value) => (isFull ? Promise.reject(new Error('disk full')) : lasting.cache.put(key, value)),
      close: () => Promise.reject(new Error('disk full')),
    },
    inbox: {
      ...lasting.inbox,
      close: () => {
        inboxClosed = true;
        return Promise.resolve();
      },
    },
  };
  const { time, engine, company, cycles } = await setUp({ stores });
  await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  isFull = true;
  await stopped(time, engine);
  expect(inboxClosed).toBe(true);
  expect(time.timers()).toBe(0);
});

it('whatever the host’s own functions come to, the connections run on', async () => {
  const told: string[] = [];
  const { time, engine, company } = await setUp({
    onCycle: ({ report }) => {
      told.push(report.connectionId);
      // As an async function does, which may stand where nothing is returned.
      return Promise.reject(new Error('the host’s own trouble')) as unknown as undefined;
    },
    alert: ({ kind }) => {
      told.push(kind);
      throw new Error('the host’s own trouble');
    },
  });
  const people = Array.from({ length: 8 }, (_, n) => hire(company, `Crew Member${String(n)}`));
  await engine.add(connectionTo(company));
  engine.start();
  await time.pass(MINUTE);
  for (const userId of people.slice(0, 6)) company.directory.removeMember(company.scopeGroupId, userId);
  await time.pass(20 * MINUTE);
  expect(told.filter((word) => word === 'held')).toHaveLength(1);
  expect(told.filter((word) => word === 'fabrikam').length).toBeGreaterThan(3);
});

it('what the host’s Learn Amp throws is told by its kind alone, since its text may name people', async () => {
  const warned: unknown[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (...line: unknown[]) => void warned.push(line),
  };
  const { time, engine, company, stores } = await setUp({ logger });
  const throwing = () => {
    throw new TypeError('ann.lee@fabrikam.example is no address');
  };
  const learnAmp = {
    execute: throwing,
    findAccount: throwing,
    accounts: throwing,
    teams: throwing,
    requestCount: () => 0,
    close: () => Promise.resolve(),
  };
  const connection = await engine.add(connectionTo(company, { learnAmp }));
  engine.start();
  await time.pass(MINUTE);
  const { live } = await connection.status();
  expect(live.lastError?.message).toBe(
    'Something that was not foreseen ended the cycle (TypeError); it is tried again.',
  );
  const kept = await Promise.all(['live:fabrikam', 'sync-report:fabrikam'].map((key) => stores.cache.get(key)));
  expect(JSON.stringify([warned, kept])).not.toContain('ann.lee');
});
