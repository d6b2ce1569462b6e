import { expect, test } from 'vitest';
import { makeEvent, makeFakeConnection, makePerson, objectId, yielded } from '../testing/fake-connection.js';
import { resolveUsers } from './resolve-users.js';
import { WrongUse } from './verb-context.js';

const joined = (n: number, userPrincipalName: string, mail: string | null) =>
  makeEvent(n, 'UserJoinedGroup', { userId: objectId(n), attributes: { userPrincipalName, mail } });

const connection = makeFakeConnection({
  people: () => yielded([makePerson(1), makePerson(2), makePerson(3, { email: 'shared@contoso.example' })]),
  events: () =>
    yielded([
      joined(1, 'Anna@contoso.example', 'anna.mail@contoso.example'),
      joined(2, 'bo@contoso.example', null),
      joined(3, 'cy@contoso.example', null),
      makeEvent(10, 'UserPrincipalNameChanged', {
        userId: objectId(2),
        from: 'bo@contoso.example',
        to: 'bob@contoso.example',
      }),
      makeEvent(11, 'MailChanged', {
        userId: objectId(1),
        from: 'anna.mail@contoso.example',
        to: 'shared@contoso.example',
      }),
      { ...makeEvent(12, 'MailChanged', null), erased: true as const },
    ]),
});

test.each([
  ['an object id in any case', objectId(7).toUpperCase(), 7],
  ['a Learn Amp id', '102', 2],
  ['an e-mail without case', 'PERSON1@contoso.example', 1],
  ['a sign-in name without case', 'anna@CONTOSO.example', 1],
  ['a changed sign-in name', 'bob@contoso.example', 2],
])('%s is one person', async (_what, user, n) => {
  expect(await resolveUsers(connection, [user])).toEqual([objectId(n)]);
});

test.each([
  ['an earlier sign-in name', 'bo@contoso.example'],
  ['an earlier mail', 'anna.mail@contoso.example'],
  ['an unknown Learn Amp id', '999'],
  ['an unknown address', 'nobody@contoso.example'],
])('%s is nobody', async (_what, user) => {
  await expect(resolveUsers(connection, [user])).rejects.toBeInstanceOf(WrongUse);
});

test('several people are refused with their object ids, and the address is not repeated', async () => {
  const refused = await resolveUsers(connection, ['shared@contoso.example']).catch((problem: unknown) => problem);
  expect(refused).toBeInstanceOf(WrongUse);
  const { message } = refused as WrongUse;
  for (const id of [objectId(1), objectId(3)]) expect(message).toContain(id);
  expect(message).not.toContain('shared');
});

test('the same person given twice is one', async () => {
  expect(await resolveUsers(connection, ['101', objectId(1), '102'])).toEqual([objectId(1), objectId(2)]);
});
