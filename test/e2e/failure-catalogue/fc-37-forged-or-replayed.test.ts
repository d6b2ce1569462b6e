import { expect, it } from 'vitest';
import { item, openIntake, tenants } from '../../support/intake.js';

const [contoso, fabrikam] = tenants;

it('FC-37: forged notifications of every kind get the answer of a genuine one, and write nothing', async () => {
  const intake = await openIntake();
  const forged = [
    item(contoso, 'users', { clientState: 'guessed' }),
    item(contoso, 'users', { clientState: undefined }),
    item(contoso, 'users', { subscriptionId: '00000000-0000-4000-8000-000000000000' }),
    item(contoso, 'users', { tenantId: fabrikam }),
    item(contoso, 'users', { tenantId: undefined }),
    item(contoso, 'users', { resource: 'Groups/1' }),
    item(contoso, 'users', { clientState: item(contoso, 'groups')['clientState'] }),
    {
      lifecycleEvent: 'reauthorizationRequired',
      ...item(contoso, 'users', { clientState: 'x', changeType: undefined }),
    },
    { nothing: 'of all this' },
  ];
  const before = await intake.written();
  const answers = [];
  for (let n = 0; n < 900; n += 1) answers.push(await intake.post(forged[n % forged.length]));
  expect(await intake.written()).toEqual(before);
  expect(intake.marked()).toEqual([]);
  expect(intake.counters()).toMatchObject({ received: 900, marked: 0, forged: 800, rejected: { malformed: 100 } });
  answers.push(await intake.post(item(contoso, 'users')));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

it('FC-37: a forged item takes nothing from the genuine ones beside it', async () => {
  const intake = await openIntake();
  await intake.post(
    item(contoso, 'users', { clientState: 'x' }),
    item(contoso, 'users'),
    null,
    item(fabrikam, 'users'),
  );
  expect(intake.marked()).toEqual([contoso, fabrikam]);
  expect(await intake.stores.inbox.pending(contoso)).toMatchObject({ count: 1 });
});

it('FC-37: a true copy sets the mark again, and its writes take no room without bound', async () => {
  const intake = await openIntake();
  for (let n = 0; n < 20; n += 1) {
    await Promise.all(Array.from({ length: 100 }, () => intake.post(item(contoso, 'users'))));
  }
  const pending = await intake.stores.inbox.pending(contoso);
  expect(pending?.count).toBe(2_000);
  await intake.stores.inbox.clear(contoso, pending?.sequence ?? '0');
  expect(await intake.stores.inbox.pending(contoso)).toBeUndefined();
});
