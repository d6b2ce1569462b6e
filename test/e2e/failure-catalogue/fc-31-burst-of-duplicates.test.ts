import { expect, it } from 'vitest';
import { item, openIntake, tenants } from '../../support/intake.js';

const [contoso, fabrikam] = tenants;

it('FC-31: a burst is one dirty mark a tenant, durable before the answer, whatever a request mixes', async () => {
  const intake = await openIntake();
  const statuses: number[] = [];
  const post = async (n: number): Promise<void> => {
    const mixed = [item(contoso, 'users'), item(fabrikam, 'groups'), item(contoso, 'groups'), item(contoso, 'users')];
    const { status } = await intake.post(...mixed.slice(0, 1 + (n % 4)));
    statuses.push(status);
    // Nothing is answered that is not on the disk: what is pending holds at least this request.
    expect((await intake.stores.inbox.pending(contoso))?.count).toBeGreaterThan(0);
  };
  await Promise.all(Array.from({ length: 400 }, (_, n) => post(n)));
  expect(new Set(statuses)).toEqual(new Set([202]));
  expect(await intake.stores.inbox.pending(contoso)).toMatchObject({ count: 100 * (1 + 1 + 2 + 3) });
  expect(await intake.stores.inbox.pending(fabrikam)).toMatchObject({ count: 300 });
  expect(intake.counters()).toMatchObject({ received: 1_000, marked: 1_000 });
});

it('FC-31: one request of thousands of items is one mark', async () => {
  const intake = await openIntake();
  const { status } = await intake.post(...Array.from({ length: 1_500 }, () => item(contoso, 'users')));
  expect(status).toBe(202);
  expect(intake.marked()).toEqual([contoso]);
  expect(await intake.stores.inbox.pending(contoso)).toMatchObject({ count: 1_500 });
});
