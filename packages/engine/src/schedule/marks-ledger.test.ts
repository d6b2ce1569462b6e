import { makeMemoryInbox } from '@learnamp/directory-sync-event-sourcing';
import { expect, it } from 'vitest';
import { makeMarksLedger } from './marks-ledger.js';

const tenantId = '5f1c0b2a-0000-4000-8000-00000000aaaa';

const open = () => {
  const inbox = makeMemoryInbox();
  const ledger = makeMarksLedger(inbox, tenantId);
  const mark = () => inbox.mark([{ tenantId, resource: 'users', receivedAt: '2026-03-01T00:00:00.000Z', count: 1 }]);
  return {
    ledger,
    mark,
    waiting: async () => (await inbox.pending(tenantId))?.count ?? 0,
    read: async (members: ReadonlyArray<string>) => (await ledger.read(members))?.sequence ?? '',
  };
};

it('marks stay until every connection completed a round that began after they were read', async () => {
  const { ledger, mark, waiting, read } = open();
  await mark();
  const [one, two] = [await read(['one', 'two']), await read(['one', 'two'])];
  await ledger.completed('one', one);
  expect(await waiting()).toBe(1);
  await ledger.completed('two', two);
  expect(await waiting()).toBe(0);
});

it('a mark that came after the round began outlives it', async () => {
  const { ledger, mark, waiting, read } = open();
  await mark();
  const began = await read(['one']);
  await mark();
  await ledger.completed('one', began);
  expect(await waiting()).toBe(1);
  await ledger.completed('one', await read(['one']));
  expect(await waiting()).toBe(0);
});

it('a connection that fails keeps the marks for itself, whatever the other completes', async () => {
  const { ledger, mark, waiting, read } = open();
  for (let n = 0; n < 20; n += 1) {
    await mark();
    await ledger.completed('one', await read(['one', 'two']));
  }
  expect(await waiting()).toBe(20);
  await ledger.completed('two', await read(['one', 'two']));
  expect(await waiting()).toBe(0);
});

it('a connection that was let go is not waited for', async () => {
  const { ledger, mark, waiting, read } = open();
  await mark();
  await ledger.completed('one', await read(['one', 'two']));
  await ledger.dismiss('two');
  expect(await waiting()).toBe(0);
});

it('an answer to marks that were joined with later ones clears nothing too early', async () => {
  const { ledger, mark, waiting, read } = open();
  await mark();
  const early = await read(['one', 'two']);
  await mark();
  const late = await read(['one', 'two']);
  await ledger.completed('one', early);
  await ledger.completed('two', late);
  expect(await waiting()).toBe(2);
  await ledger.completed('one', late);
  expect(await waiting()).toBe(0);
});
