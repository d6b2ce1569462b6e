import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sqliteFolder } from '../support/connect.js';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;
const POSTS = Number(process.env['POSTS'] ?? 100_000);
/** So many arrive in each second of virtual time. */
const PER_SECOND = 1_000;
const MEGABYTE = 1_048_576;

const bytesIn = async (folder: string): Promise<number> => {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

it(`${POSTS} forged and ${POSTS} replayed notifications cause one round per five seconds at most, and no event`, async () => {
  const files = await sqliteFolder();
  onTestFinished(files.remove);
  const stores = await files.open();
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const other = await openCompany(time, 2);
  hire(company, 'Ann Lee');
  hire(other, 'Ben Day');
  const { engine, cycles } = await openRunning([company, other], { time, stores, notified: true });
  const schedule = { pollSeconds: 3_000 };
  const target = await engine.add(connectionTo(company, { connectionId: 'target', schedule }));
  await engine.add(connectionTo(other, { connectionId: 'bystander', schedule }));
  engine.start();
  await time.until(
    () => cycles.length >= 2 && [company, other].every(({ subscriptions }) => subscriptions.list().length === 2),
    5 * MINUTE,
  );
  // What follows the creation of subscriptions is over.
  await time.pass(3 * MINUTE);
  const [subscription] = company.subscriptions.list();
  const genuine = {
    subscriptionId: subscription?.id,
    clientState: subscription?.clientState,
    tenantId: company.tenantId,
    subscriptionExpirationDateTime: subscription?.expirationDateTime,
    changeType: 'updated',
    resource: 'Users/72b08237-30f1-4fbe-be57-1df593448f7a',
    resourceData: { id: '72b08237-30f1-4fbe-be57-1df593448f7a' },
  };
  const forgeries = [
    { clientState: 'guessed' },
    { clientState: null },
    { clientState: other.subscriptions.list()[0]?.clientState },
    { tenantId: other.tenantId },
    { subscriptionId: '0cea0ab7-2234-4f57-bc80-4d3e66df4791' },
  ];
  const roundsOf = (connectionId: string) => cycles.filter((cycle) => cycle.connectionId === connectionId);
  /** Resolves with the rounds that came of it. */
  const flood = async (items: ReadonlyArray<unknown>) => {
    const bodies = items.map((item) => JSON.stringify({ value: [item] }));
    const before = roundsOf('target').length;
    for (let sent = 0; sent < POSTS; sent += PER_SECOND) {
      const answers = await Promise.all(
        Array.from({ length: PER_SECOND }, (_, at) => {
          const body = bodies[at % bodies.length] ?? '';
          return engine.handler(new Request(subscription?.notificationUrl ?? '', { method: 'POST', body }));
        }),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      await time.pass(1_000);
    }
    return roundsOf('target').slice(before);
  };
  const head = (await eventsOf(target)).length;
  const seconds = POSTS / PER_SECOND;

  const bytes = await bytesIn(files.folder);
  expect(await flood(forgeries.map((forged) => ({ ...genuine, ...forged })))).toEqual([]);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  expect(engine.handler.counters()).toMatchObject({ forged: POSTS, marked: 0 });

  const rounds = await flood([genuine]);
  expect(rounds.length).toBeGreaterThan(seconds / 10);
  const starts = rounds.map(({ startedAt }) => Date.parse(startedAt));
  const gaps = starts.slice(1).map((at, nth) => at - (starts[nth] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  expect(engine.handler.counters()).toMatchObject({ marked: POSTS });

  await time.pass(2 * MINUTE);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  // Nothing had changed: quiet rounds append nothing, however many there were.
  expect((await eventsOf(target)).length).toBe(head);
  // A mark is one row, however often it was made; what is left is a write-ahead log of bounded size.
  expect((await bytesIn(files.folder)) - bytes).toBeLessThan(8 * MEGABYTE);
  expect(roundsOf('bystander').length).toBeLessThanOrEqual(3);
}, 600_000);
