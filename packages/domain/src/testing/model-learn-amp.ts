import type { Command, CommandOf, Identity, ProfileValues } from '../commands.js';
import { without } from '../delivery/account-shown.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { CommandId, LearnAmpUserId, TeamId, TeamKey } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import type { RejectionCode } from '../receipts.js';
import { account as accountId, team as teamId } from './made-ids.js';

export type ModelAccount = Required<Omit<LearnAmpAccount, 'role'>>;

/**
 * Learn Amp as a few rules, all in memory: addresses and external ids are unique, a deactivated account loses its team and hands
 * whom it managed to the owner, and managers are active accounts. Answers say what the engine records for them.
 */
export type ModelLearnAmp = {
  readonly accounts: Map<LearnAmpUserId, ModelAccount>;
  readonly teams: Map<TeamKey, TeamId>;
  /** Every command that was sent, in order. */
  readonly sent: Command[];
  readonly add: (account: Partial<ModelAccount> & Pick<ModelAccount, 'email'>) => ModelAccount;
  /** The facts of the receipt of one command. */
  readonly execute: (command: Command) => ReadonlyArray<DirectoryEvent>;
};

export type ModelOptions = {
  /** Whether receipts show the account afterwards. */
  readonly showsAccounts: boolean;
  /** The languages the company has switched on; another one is left out of a command. Default: every one. */
  readonly languages?: ReadonlyArray<string> | undefined;
  /** Refuses a command for good. */
  readonly refuses?: ((command: Command) => RejectionCode | undefined) | undefined;
};

const OWNER = '1' as LearnAmpUserId;

type Addressed = Exclude<Command, CommandOf<'CreateUser'> | CommandOf<'EnsureTeam'>>;

export const makeModelLearnAmp = ({ showsAccounts, languages, refuses }: ModelOptions): ModelLearnAmp => {
  const accounts = new Map<LearnAmpUserId, ModelAccount>();
  const teams = new Map<TeamKey, TeamId>();
  const sent: Command[] = [];
  let made = 0;

  const add: ModelLearnAmp['add'] = (given) => {
    const learnAmpUserId = given.learnAmpUserId ?? accountId(made++);
    const account: ModelAccount = {
      firstName: 'Some',
      lastName: 'Body',
      status: 'confirmed',
      externalId: null,
      jobTitle: null,
      department: null,
      location: null,
      language: 'en',
      hireDate: null,
      primaryTeam: null,
      managerLearnAmpUserId: null,
      customFields: {},
      ...given,
      learnAmpUserId,
    };
    accounts.set(learnAmpUserId, account);
    return account;
  };

  const change = (learnAmpUserId: LearnAmpUserId, changes: Partial<ModelAccount>): void => {
    const before = accounts.get(learnAmpUserId);
    if (before !== undefined) accounts.set(learnAmpUserId, { ...before, ...changes });
  };

  const holderOf = (email: string, except?: LearnAmpUserId): ModelAccount | undefined =>
    [...accounts.values()].find(
      (each) => each.email.toLowerCase() === email.toLowerCase() && each.learnAmpUserId !== except,
    );

  const commandId = 'command' as CommandId;
  const rejected = (command: Command, code: RejectionCode): ReadonlyArray<DirectoryEvent> => [
    { type: 'CommandRejected', data: { commandId, command, code, fields: [] } },
  ];
  /** The fields that are written, and whether that is all of them. */
  const taken = (fields: ProfileValues): { readonly written: ProfileValues; readonly all: boolean } => {
    if (fields.language === undefined || languages === undefined || languages.includes(fields.language))
      return { written: fields, all: true };
    return { written: without(fields, 'language'), all: false };
  };
  const fieldsOf = (command: Command): ProfileValues =>
    command.kind === 'CreateUser' ? command.profile : command.kind === 'UpdateProfile' ? command.set : {};
  const succeeded = (command: Command, learnAmpUserId?: LearnAmpUserId): DirectoryEvent => {
    const account = learnAmpUserId === undefined ? undefined : accounts.get(learnAmpUserId);
    const dropped = taken(fieldsOf(command)).all ? {} : { dropped: ['language' as const] };
    const data = { commandId, command, result: 'updated' as const, ...dropped };
    return { type: 'CommandSucceeded', data: account === undefined ? data : { ...data, account } };
  };

  const create = (command: CommandOf<'CreateUser'>): ReadonlyArray<DirectoryEvent> => {
    const { userId, identity, externalId, profile, invite } = command;
    const mine = [...accounts.values()].find((each) => externalId !== null && each.externalId === externalId);
    const existing = mine ?? holderOf(identity.email);
    if (existing !== undefined) return [{ type: 'LearnAmpUserObserved', data: { userId, account: existing } }];
    const status = invite === 'none' ? 'not_invited' : 'invite_pending';
    const { learnAmpUserId } = add({ ...identity, ...taken(profile).written, externalId, status });
    const linked: DirectoryEvent = { type: 'UserLinked', data: { userId, learnAmpUserId, how: 'created' } };
    return [succeeded(command, learnAmpUserId), linked];
  };

  const deactivate = (id: LearnAmpUserId): void => {
    change(id, { status: 'deactivated', primaryTeam: null });
    for (const each of accounts.values())
      if (each.managerLearnAmpUserId === id) change(each.learnAmpUserId, { managerLearnAmpUserId: OWNER });
  };

  const write = (command: Addressed): void => {
    const id = command.learnAmpUserId;
    if ('identity' in command) change(id, command.identity satisfies Identity);
    if (command.kind === 'LinkUser' && command.externalId !== null) change(id, { externalId: command.externalId });
    if (command.kind === 'UpdateProfile')
      change(id, { ...taken(command.set).written, ...Object.fromEntries(command.clear.map((field) => [field, null])) });
    if (command.kind === 'SetPrimaryTeam')
      change(id, { primaryTeam: { teamId: command.teamId, name: command.teamKey } });
    if (command.kind === 'SetOverrideManager') change(id, { managerLearnAmpUserId: command.managerLearnAmpUserId });
    if (command.kind === 'ClearOverrideManager') change(id, { managerLearnAmpUserId: null });
    if (command.kind === 'ReactivateUser') change(id, { status: 'confirmed' });
    if (command.kind === 'DeactivateUser') deactivate(id);
    if (command.kind === 'SetCustomFields') {
      const written = Object.fromEntries(command.fields.map(({ name, value }) => [name, value]));
      change(id, { customFields: { ...accounts.get(id)?.customFields, ...written } });
    }
  };

  const update = (command: Addressed): ReadonlyArray<DirectoryEvent> => {
    const { userId, learnAmpUserId } = command;
    if (!accounts.has(learnAmpUserId)) return rejected(command, 'not_found');
    if ('identity' in command && holderOf(command.identity.email, learnAmpUserId) !== undefined)
      return rejected(command, 'duplicate_email');
    const isSleeping = (id: LearnAmpUserId): boolean => accounts.get(id)?.status === 'deactivated';
    if (command.kind === 'SetOverrideManager' && isSleeping(command.managerLearnAmpUserId)) {
      const { kind, managerUserId: waitingFor } = command;
      return [{ type: 'CommandDeferred', data: { userId, kind, on: 'manager-inactive', waitingFor } }];
    }
    write(command);
    const answer = succeeded(command, showsAccounts && 'identity' in command ? learnAmpUserId : undefined);
    return command.kind === 'LinkUser'
      ? [answer, { type: 'UserLinked', data: { userId, learnAmpUserId, how: 'adopted' } }]
      : [answer];
  };

  const execute: ModelLearnAmp['execute'] = (command) => {
    sent.push(command);
    const code = refuses?.(command);
    if (code !== undefined) return rejected(command, code);
    if (command.kind === 'CreateUser') return create(command);
    if (command.kind !== 'EnsureTeam') return update(command);
    const { teamKey, name } = command;
    const id = teams.get(teamKey) ?? teamId(teams.size);
    teams.set(teamKey, id);
    return [succeeded(command), { type: 'TeamEnsured', data: { teamKey, name, teamId: id, how: 'created' } }];
  };

  return { accounts, teams, sent, add, execute };
};
