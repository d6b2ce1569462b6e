import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAccount, decodeStatus } from './decode-account.js';

const decode = decodeAccount('integrationExternalId');

describe('decodeStatus', () => {
  it.each([
    ['Confirmed', 'confirmed'],
    ['Invite pending', 'invite_pending'],
    ['Invite Scheduled', 'invite_scheduled'],
    ['Not yet invited', 'not_invited'],
    ['not_invited', 'not_invited'],
    ['DEACTIVATED', 'deactivated'],
    ['Pending deactivation', 'unknown'],
    ['Anonymised', 'unknown'],
    ['toString', 'unknown'],
  ])('reads %s as %s, inside an object or by itself', (text, status) => {
    expect(decodeStatus({ status: text, time: 'On 29 Nov 16' })).toBe(status);
    expect(decodeStatus(text)).toBe(status);
  });

  it.each([undefined, null, 3, {}, { status: null }, []])('reads %j as unknown', (input) => {
    expect(decodeStatus(input)).toBe('unknown');
  });
});

describe('decodeAccount', () => {
  it('reads the short form and leaves out what it does not show', () => {
    const user = { id: 1, firstName: 'Test', lastName: '', email: 'test@email.com', status: { status: 'Confirmed' } };
    expect(decode(user)).toEqual(
      E.right({ learnAmpUserId: '1', email: 'test@email.com', firstName: 'Test', lastName: null, status: 'confirmed' }),
    );
  });

  it('reads the expanded form', () => {
    const user = {
      id: 1,
      firstName: 'Test',
      lastName: 'User',
      jobTitle: 'Developer',
      email: 'Test@email.com',
      timeZone: 'London',
      language: 'en',
      role: 'Learning Designer',
      integrationExternalId: 'EPOS-12345',
      hireDate: '2021-01-15T00:00:00Z',
      status: { status: 'Deactivated', time: 'On 29 Nov 16' },
      manager: { id: 17, email: 'm@email.com' },
      location: { id: 3, name: 'London, UK' },
      department: null,
      primaryTeam: { id: 15, name: 'Operations', manager: { id: 17 } },
      secondaryTeams: [],
      customFields: [
        { name: 'Employee ID', value: 7 },
        { name: 'Empty', value: null },
      ],
    };
    const account = {
      learnAmpUserId: '1',
      email: 'Test@email.com',
      firstName: 'Test',
      lastName: 'User',
      status: 'deactivated',
      externalId: 'EPOS-12345',
      role: 'learning_designer',
      jobTitle: 'Developer',
      department: null,
      location: 'London, UK',
      language: 'en',
      hireDate: '2021-01-15',
      primaryTeam: { teamId: '15', name: 'Operations' },
      managerLearnAmpUserId: '17',
      customFields: { 'Employee ID': '7', Empty: null },
    };
    expect(decode(user)).toEqual(E.right(account));
    expect(decode({ user })).toEqual(E.right(account));
  });

  it('reads the external id from the slot that was chosen', () => {
    const user = { id: '1', email: 'a@b.c', integrationExternalId: 'HR', customFields: { 'Employee ID': 'x' } };
    const externalId = (input: object, slot: Parameters<typeof decodeAccount>[0]) => {
      const account = decodeAccount(slot)(input);
      return E.isRight(account) ? account.right.externalId : 'failed';
    };
    expect(externalId(user, 'integrationExternalId')).toBe('HR');
    expect(externalId(user, { customField: 'Employee ID' })).toBe('x');
    expect(externalId(user, { customField: 'Other' })).toBeNull();
    expect(externalId({ id: 1, email: 'a@b.c' }, { customField: 'Other' })).toBeUndefined();
    expect(externalId(user, 'none')).toBeUndefined();
  });

  it.each([
    [{ email: 'a@b.c' }, 'has no usable id'],
    [{ id: 1.5, email: 'a@b.c' }, 'has no usable id'],
    [{ id: 2 ** 60, email: 'a@b.c' }, 'has no usable id'],
    [{ id: 1 }, 'has no usable email'],
    [{}, 'has no usable id and email'],
    [null, 'is not an object'],
  ])('does not accept %j', (input, reason) => {
    expect(decode(input)).toEqual(E.left(reason));
  });

  it('answers with a value, and repeats nothing of the input in a failure, for any JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.record({ id: fc.jsonValue(), email: fc.jsonValue(), customFields: fc.jsonValue() }),
        (any, user) => {
          for (const result of [decode(any), decode(user)])
            if (E.isLeft(result))
              expect(result.left).toMatch(/^(is not an object|has no usable (id|email|id and email))$/);
            else expect(typeof result.right.learnAmpUserId).toBe('string');
        },
      ),
    );
  });
});
