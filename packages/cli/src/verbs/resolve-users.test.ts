import { expect, test } from 'vitest';
import { makeFakeConnection, makePerson, objectId, yielded } from '../testing/fake-connection.js';
import { resolveUser, resolveUsers } from './resolve-users.js';
import { WrongUse } from './verb-context.js';

const connection = makeFakeConnection({
  people: () =>
    yielded([
      makePerson(1),
      makePerson(2),
      makePerson(3, { email: 'shared@contoso.example' }),
      makePerson(4, { email: 'shared@contoso.example' }),
    ]),
});

const refusal = (asked: Promise<unknown>): Promise<unknown> => asked.catch((problem: unknown) => problem);

test.each([
  ['an object id in any case', objectId(7).toUpperCase(), 7],
  ['a Learn Amp id', '102', 2],
  ['an e-mail without case', 'PERSON1@contoso.example', 1],
])('%s is one person', async (_what, user, n) => {
  expect(await resolveUsers(connection, [user])).toEqual([objectId(n)]);
});

test.each([
  ['an unknown Learn Amp id', '999'],
  ['an unknown address', 'nobody@contoso.example'],
])('%s is nobody', async (_what, user) => {
  await expect(resolveUsers(connection, [user])).rejects.toBeInstanceOf(WrongUse);
});

test('several people are refused with their object ids, and the address is not repeated', async () => {
  const refused = await refusal(resolveUsers(connection, ['shared@contoso.example']));
  expect(refused).toBeInstanceOf(WrongUse);
  const { message } = refused as WrongUse;
  for (const id of [objectId(3), objectId(4)]) expect(message).toContain(id);
  expect(message).not.toContain('shared');
});

test('the same person given twice is one', async () => {
  expect(await resolveUsers(connection, ['101', objectId(1), '102'])).toEqual([objectId(1), objectId(2)]);
});

test('an address that nobody is known by is looked up only where that was asked for, and says how', async () => {
  const asked: unknown[] = [];
  const other = makeFakeConnection({
    findUsers: (user, options) => {
      asked.push(options?.live);
      return Promise.resolve(user === 'new@contoso.example' && options?.live === true ? [objectId(9)] : []);
    },
  });
  expect(await resolveUser(other, 'new@contoso.example', { path: 'user', live: true })).toBe(objectId(9));
  const refused = await refusal(resolveUser(other, 'new@contoso.example', { path: 'user', live: false }));
  expect((refused as WrongUse).message).toMatch(/^Nobody has the address given now; .* With --live /);
  const nowhere = await refusal(resolveUser(other, 'old@contoso.example', { path: 'user', live: true }));
  expect((nowhere as WrongUse).message).toContain('neither as far as is known here nor at Microsoft Graph');
  expect(asked).toEqual([true, false, true]);
});
