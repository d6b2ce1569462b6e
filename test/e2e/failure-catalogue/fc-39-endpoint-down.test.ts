import { expect, it } from 'vitest';
import { item, openIntake, tenants } from '../../support/intake.js';

const [contoso] = tenants;

it('FC-39: while the inbox cannot be written Graph is asked to send again, and afterwards nothing is missing', async () => {
  let broken = true;
  const intake = await openIntake({
    inbox: ({ inbox }) => ({
      ...inbox,
      mark: (marks) => (broken ? Promise.reject(new Error('disk full')) : inbox.mark(marks)),
    }),
  });
  expect(await intake.post(item(contoso, 'users'))).toMatchObject({ status: 503, body: '' });
  expect(intake.marked()).toEqual([]);
  // Graph sends the same again, with growing pauses, for up to four hours.
  broken = false;
  expect(await intake.post(item(contoso, 'users'))).toMatchObject({ status: 202 });
  expect(await intake.stores.inbox.pending(contoso)).toMatchObject({ count: 1 });
});

it('FC-39: what was answered before the process ended is still to be done after the next start', async () => {
  const before = await openIntake();
  await before.post(item(contoso, 'users'), item(contoso, 'groups'));
  const after = await before.restart();
  expect(await after.stores.inbox.pending(contoso)).toMatchObject({ count: 2, first: '2026-03-04T05:06:07.890Z' });
});
