import { expect, it } from 'vitest';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;
const POSTS = Number(process.env['POSTS'] ?? 100_000);
/** So many arrive in each second of virtual time. */
const PER_SECOND = 1_000;

it(`${POSTS} forged and ${POSTS} replayed notifications cause one round per five seconds at most, and no event`, async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const other = await openCompany(time, 2);
  hire(company, 'Ann Lee');
  hire(other, 'Ben Day');
  const { engine, cycles, stores } = await openRunning([company, other], { time, notified: true });
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
  const bodyWith = (clientState: string | null | undefined): string =>
    JSON.stringify({
      value: [
        {
          subscriptionId: subscription?.id,
          clientState,
          tenantId: company.tenantId,
          subscriptionExpirationDateTime: subscription?.expirationDateTime,
          changeType: 'updated',
          resource: 'Users/72b08237-30f1-4fbe-be57-1df593448f7a',
          resourceData: { id: '72b08237-30f1-4fbe-be57-1df593448f7a' },
        },
      ],
    });
  const flood = async (body: string): Promise<number> => {
    const before = cycles.filter(({ connectionId }) => connectionId === 'target').length;
    for (let sent = 0; sent < POSTS; sent += PER_SECOND) {
      const answers = await Promise.all(
        Array.from({ length: PER_SECOND }, () =>
          engine.handler(new Request(subscription?.notificationUrl ?? '', { method: 'POST', body })),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      await time.pass(1_000);
    }
    return cycles.filter(({ connectionId }) => connectionId === 'target').length - before;
  };
  const head = (await eventsOf(target)).length;
  const seconds = POSTS / PER_SECOND;

  expect(await flood(bodyWith('guessed'))).toBe(0);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  expect(engine.handler.counters()).toMatchObject({ forged: POSTS, marked: 0 });

  const rounds = await flood(bodyWith(subscription?.clientState));
  expect(rounds).toBeGreaterThan(seconds / 10);
  expect(rounds).toBeLessThanOrEqual(seconds / 5 + 1);
  expect(engine.handler.counters()).toMatchObject({ marked: POSTS });

  await time.pass(2 * MINUTE);
  expect(await stores.inbox.pending(company.tenantId)).toBeUndefined();
  // Nothing had changed: quiet rounds append nothing, however many there were.
  expect((await eventsOf(target)).length).toBe(head);
  expect(cycles.filter(({ connectionId }) => connectionId === 'bystander').length).toBeLessThanOrEqual(3);
}, 600_000);
