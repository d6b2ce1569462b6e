import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { Command, riskOf, type CommandOf } from './commands.js';
import { ann } from './testing/company.js';

const create: CommandOf<'CreateUser'> = {
  kind: 'CreateUser',
  userId: ann,
  identity: { email: 'ann@contoso.com', firstName: 'Ann', lastName: 'Archer' },
  externalId: null,
  profile: {},
  invite: 'none',
};

describe('a stored command', () => {
  it('is read by its kind', () => {
    expect(Command.decode(create)).toEqual(E.right(create));
    expect(Command.is(create)).toBe(true);
  });

  it.each([
    null,
    undefined,
    7,
    'CreateUser',
    {},
    { ...create, kind: 'DeleteUser' },
    { ...create, kind: 'constructor' },
  ])('%o is none', (value) => {
    expect(E.isLeft(Command.decode(value))).toBe(true);
    expect(Command.is(value)).toBe(false);
    expect(Command.variantOf(value)).toBeUndefined();
  });
});

describe('a new account', () => {
  it('is noticed by nobody as long as nobody is invited', () => {
    expect(riskOf(create)).toBe('safe');
  });

  it.each(['now', { on: '2026-03-01' }] as const)('sends mail with the invitation %o', (invite) => {
    expect(riskOf({ ...create, invite })).toBe('visible');
  });
});

it('a deactivation takes something away, whoever it is', () => {
  const learnAmpUserId = '1' as CommandOf<'DeactivateUser'>['learnAmpUserId'];
  expect(riskOf({ kind: 'DeactivateUser', userId: ann, learnAmpUserId, reason: 'deleted' })).toBe('destructive');
});
