import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type {
  Command,
  CommandId,
  CommandOf,
  LearnAmpAccount,
  LearnAmpUserId,
  ObjectId,
  Outcome,
  TeamId,
  TeamKey,
} from '@learnamp/directory-sync-domain';
import { teamKeyOf } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import type { AccountLookup, DispatchedCommand } from '../learn-amp-port.js';
import type { LearnAmpPortUnderTest } from './port-under-test.js';

/** An object id nobody has. */
export const someone = (): ObjectId => randomUUID() as ObjectId;

/** A person of the directory, with an address of their own. */
export const personCalled = (firstName: string, lastName = 'Person') => ({
  userId: someone(),
  identity: { email: `${firstName}.${lastName}@fabrikam.example`.toLowerCase(), firstName, lastName },
});
export type Person = ReturnType<typeof personCalled>;

/** Commands about one person. */
export const creationOf = (
  { userId, identity }: Person,
  more: Partial<CommandOf<'CreateUser'>> = {},
): CommandOf<'CreateUser'> => ({
  kind: 'CreateUser',
  userId,
  identity,
  externalId: userId,
  profile: {},
  invite: 'none',
  ...more,
});

export const commandsAbout = ({ userId, identity }: Person, learnAmpUserId: LearnAmpUserId) => {
  const at = { userId, learnAmpUserId };
  return {
    link: (externalId: string | null = userId): CommandOf<'LinkUser'> => ({
      kind: 'LinkUser',
      ...at,
      externalId,
      identity,
    }),
    update: (
      set: CommandOf<'UpdateProfile'>['set'],
      clear: CommandOf<'UpdateProfile'>['clear'] = [],
    ): CommandOf<'UpdateProfile'> => ({ kind: 'UpdateProfile', ...at, identity, set, clear }),
    email: (email: string): CommandOf<'ChangeEmail'> => ({
      kind: 'ChangeEmail',
      ...at,
      from: identity.email,
      identity: { ...identity, email },
    }),
    team: (teamId: TeamId, teamKey: TeamKey): CommandOf<'SetPrimaryTeam'> => ({
      kind: 'SetPrimaryTeam',
      ...at,
      identity,
      teamId,
      teamKey,
    }),
    manager: (managerUserId: ObjectId, managerLearnAmpUserId: LearnAmpUserId): CommandOf<'SetOverrideManager'> => ({
      kind: 'SetOverrideManager',
      ...at,
      identity,
      managerUserId,
      managerLearnAmpUserId,
    }),
    noManager: (): CommandOf<'ClearOverrideManager'> => ({ kind: 'ClearOverrideManager', ...at, identity }),
    fields: (fields: CommandOf<'SetCustomFields'>['fields']): CommandOf<'SetCustomFields'> => ({
      kind: 'SetCustomFields',
      ...at,
      identity,
      fields,
    }),
    deactivate: (): CommandOf<'DeactivateUser'> => ({ kind: 'DeactivateUser', ...at, reason: 'left_scope' }),
    reactivate: (): CommandOf<'ReactivateUser'> => ({ kind: 'ReactivateUser', ...at, reason: 'returned' }),
    invite: (): CommandOf<'SendInvitation'> => ({ kind: 'SendInvitation', ...at }),
    avatar: (): CommandOf<'SetAvatar'> => ({ kind: 'SetAvatar', ...at, photo: 'a mark' }),
    noAvatar: (): CommandOf<'ClearAvatar'> => ({ kind: 'ClearAvatar', ...at }),
  };
};

export const teamCalled = (name: string): CommandOf<'EnsureTeam'> => {
  const teamKey = teamKeyOf(name);
  assert.ok(teamKey !== undefined, `${name} names no team`);
  return { kind: 'EnsureTeam', teamKey, name };
};

type Sent = Partial<Omit<DispatchedCommand, 'command'>>;

/** With an idempotency key of its own. */
export const sent = (command: Command, more: Sent = {}): DispatchedCommand => ({
  commandId: randomUUID() as CommandId,
  command,
  unknown: false,
  ...more,
});

/** The outcome of one command. */
export const outcomeOf = async (
  { port }: LearnAmpPortUnderTest,
  command: Command,
  more: Sent = {},
): Promise<Outcome> => {
  const dispatched = sent(command, more);
  const [receipt, ...others] = await port.execute([dispatched]);
  assert.ok(receipt !== undefined, `${command.kind} was not answered`);
  assert.deepEqual(others, []);
  assert.equal(receipt.commandId, dispatched.commandId);
  return receipt.outcome;
};

export const succeed = async (
  company: LearnAmpPortUnderTest,
  command: Command,
  more: Sent = {},
): Promise<Extract<Outcome, { _tag: 'Succeeded' }>> => {
  const outcome = await outcomeOf(company, command, more);
  assert.ok(outcome._tag === 'Succeeded', `${command.kind}: ${JSON.stringify(outcome)}`);
  return outcome;
};

/** Refused, with this code. */
export const refuse = async (
  company: LearnAmpPortUnderTest,
  command: Command,
  { code, ...more }: Sent & { readonly code: string },
): Promise<ReadonlyArray<string>> => {
  const outcome = await outcomeOf(company, command, more);
  assert.ok(outcome._tag === 'Rejected', `${command.kind}: ${JSON.stringify(outcome)}`);
  assert.equal(outcome.code, code);
  return outcome.fields;
};

export const find = async (
  { port }: LearnAmpPortUnderTest,
  lookup: AccountLookup,
): Promise<LearnAmpAccount | undefined> => {
  const found = await port.findAccount(lookup)();
  return E.isRight(found) ? found.right : assert.fail(`the look-up failed: ${found.left._tag}`);
};

/** The account as it is now. */
export const accountAt = async (
  company: LearnAmpPortUnderTest,
  learnAmpUserId: LearnAmpUserId,
): Promise<LearnAmpAccount> =>
  (await find(company, { by: 'id', learnAmpUserId })) ?? assert.fail(`account ${learnAmpUserId} is gone`);

export const listed = async (company: LearnAmpPortUnderTest): Promise<ReadonlyArray<LearnAmpAccount>> => {
  const all: LearnAmpAccount[] = [];
  for await (const page of company.port.accounts()) {
    if (E.isLeft(page)) assert.fail(`the list failed: ${page.left._tag}`);
    all.push(...page.right);
  }
  return all;
};

/** A person with an account that the port made. */
export const created = async (
  company: LearnAmpPortUnderTest,
  firstName: string,
  more: Partial<CommandOf<'CreateUser'>> = {},
) => {
  const person = personCalled(firstName);
  const { account } = await succeed(company, creationOf(person, more));
  const id = (account ?? (await find(company, { by: 'externalId', externalId: person.userId })))?.learnAmpUserId;
  assert.ok(id !== undefined, 'a creation that succeeded made no account');
  return { ...person, id, about: commandsAbout(person, id) };
};
