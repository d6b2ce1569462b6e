import { expect, it } from 'vitest';
import { item, openIntake, tenants } from '../../support/intake.js';

const [contoso] = tenants;

it('FC-38: the answer waits for the mark alone, not for the rounds that it causes', async () => {
  let begun = 0;
  const intake = await openIntake({
    // A round that never ends.
    onMarked: () => void new Promise(() => (begun += 1)),
  });
  for (let n = 0; n < 50; n += 1) expect((await intake.post(item(contoso, 'users'))).status).toBe(202);
  expect(begun).toBe(50);
});

it('FC-38: a host whose listener fails still answers', async () => {
  const intake = await openIntake({
    onMarked: () => {
      throw new Error('a bug of the host');
    },
  });
  expect((await intake.post(item(contoso, 'users'))).status).toBe(202);
  expect(await intake.stores.inbox.pending(contoso)).toMatchObject({ count: 1 });
});

it('FC-38: a handshake is answered while marks wait for the disk', async () => {
  let release = (): void => undefined;
  const stuck = new Promise<void>((resolve) => (release = resolve));
  const intake = await openIntake({
    inbox: ({ inbox }) => ({ ...inbox, mark: (marks) => stuck.then(() => inbox.mark(marks)) }),
  });
  const waiting = intake.post(item(contoso, 'users'));
  expect(await intake.send('?validationToken=now', '')).toMatchObject({ status: 200, body: 'now' });
  release();
  expect((await waiting).status).toBe(202);
});
