import {
  isProtectedRole,
  teamKeyOf,
  toObjectId,
  type Command,
  type CommandOf,
  type DispatchedCommand,
  type LearnAmpAccount,
  type LearnAmpUserId,
  type Outcome,
  type RejectionCode,
} from '@learnamp/directory-sync';
import type { AccountBook, Change } from './account-book.js';

export type Company = {
  readonly book: AccountBook;
  readonly seats: () => number;
  readonly customFields: ReadonlySet<string>;
  readonly invited: (account: LearnAmpAccount) => void;
  readonly deactivated: (account: LearnAmpAccount) => void;
  readonly pictures: Map<LearnAmpUserId, Uint8Array>;
  /** Which command made which account: a host keeps it in its database, with the account. */
  readonly made: Map<string, LearnAmpUserId>;
};

type Personal = Exclude<Command, CommandOf<'CreateUser' | 'EnsureTeam'>>;
type Identified = Extract<Personal, { readonly identity: unknown }>;

const rejected = (code: RejectionCode, ...fields: ReadonlyArray<string>): Outcome => ({
  _tag: 'Rejected',
  code,
  fields,
});
const updated = (account: LearnAmpAccount): Outcome => ({ _tag: 'Succeeded', result: 'updated', account });
const noop = (account: LearnAmpAccount): Outcome => ({ _tag: 'Succeeded', result: 'noop', account });
const noSeat = ({ book, seats }: Company): boolean => book.active() >= seats();

const create = (company: Company, sent: DispatchedCommand, command: CommandOf<'CreateUser'>): Outcome => {
  const { book, made } = company;
  const { identity, externalId, profile, invite } = command;
  const there = (externalId === null ? undefined : book.byExternalId(externalId)) ?? book.byEmail(identity.email);
  if (there !== undefined)
    return made.get(sent.commandId) === there.learnAmpUserId
      ? { _tag: 'Succeeded', result: 'found', account: there }
      : { _tag: 'Exists', account: there };
  if (noSeat(company)) return rejected('no_seats');
  const status = invite === 'none' ? 'not_invited' : invite === 'now' ? 'invite_pending' : 'invite_scheduled';
  const account = book.add({ ...identity, email: identity.email.toLowerCase(), externalId, ...profile, status });
  made.set(sent.commandId, account.learnAmpUserId);
  if (invite === 'now') company.invited(account);
  return { _tag: 'Succeeded', result: 'created', account };
};

const ensureTeam = ({ book }: Company, { teamKey, name }: CommandOf<'EnsureTeam'>): Outcome => {
  const ours = book.teams().filter((team) => team.externalId === `entra-dept:${teamKey}`);
  const [team, ...others] = ours.length > 0 ? ours : book.teams().filter((one) => teamKeyOf(one.name) === teamKey);
  if (others.length > 0) return rejected('ambiguous_team', 'name');
  if (team !== undefined) return { _tag: 'Succeeded', result: 'noop', teamId: team.teamId };
  return { _tag: 'Succeeded', result: 'created', teamId: book.addTeam(name, `entra-dept:${teamKey}`).teamId };
};

const isOfAnother = ({ externalId }: LearnAmpAccount, userId: string): boolean => {
  const owner = toObjectId(externalId ?? '');
  return owner !== undefined && owner !== userId;
};

const deactivate = (
  company: Company,
  account: LearnAmpAccount,
  { command, approvedByName }: DispatchedCommand,
): Outcome => {
  if (command.kind !== 'DeactivateUser' || account.status === 'deactivated') return noop(account);
  if (isProtectedRole(account.role) && approvedByName !== true) return rejected('protected', 'role');
  if (account.role === 'owner' && company.book.owner(account.learnAmpUserId) === undefined)
    return rejected('last_owner', 'role');
  if (isOfAnother(account, command.userId)) return rejected('duplicate_external_id', 'integrationExternalId');
  const after = company.book.deactivate(account);
  company.deactivated(after);
  return updated(after);
};

const reactivate = (company: Company, account: LearnAmpAccount): Outcome => {
  if (account.status !== 'deactivated') return noop(account);
  return noSeat(company) ? rejected('no_seats') : updated(company.book.reactivate(account));
};

const invite = (company: Company, account: LearnAmpAccount): Outcome => {
  if (account.status === 'deactivated') return rejected('validation', 'status');
  if (account.status !== 'not_invited') return noop(account);
  company.invited(account);
  return updated(company.book.change(account, { status: 'invite_pending' }));
};

/** Fields that are not there are named; the others are set. */
const customFields = (company: Company, account: LearnAmpAccount, command: CommandOf<'SetCustomFields'>): Outcome => {
  const known = command.fields.filter(({ name }) => company.customFields.has(name));
  const values = { ...account.customFields, ...Object.fromEntries(known.map(({ name, value }) => [name, value])) };
  const after = company.book.change(account, { customFields: values });
  if (known.length === command.fields.length) return updated(after);
  const unknown = command.fields.filter(({ name }) => !company.customFields.has(name)).map(({ name }) => name);
  return rejected('unknown_custom_field', ...unknown);
};

/** What one command changes in an account, or why it cannot. */
const changeOf = ({ book }: Company, account: LearnAmpAccount, command: Identified): Change | Outcome => {
  switch (command.kind) {
    case 'LinkUser': {
      const { externalId } = command;
      if (externalId === null || externalId === account.externalId) return {};
      const taken = typeof account.externalId === 'string' || book.byExternalId(externalId) !== undefined;
      return taken ? rejected('duplicate_external_id', 'integrationExternalId') : { externalId };
    }
    case 'UpdateProfile':
      return { ...command.set, ...Object.fromEntries(command.clear.map((field) => [field, null])) };
    case 'SetPrimaryTeam': {
      const team = book.team(command.teamId);
      if (team === undefined) return rejected('unknown_team', 'primaryTeamId');
      return { primaryTeam: { teamId: team.teamId, name: team.name } };
    }
    case 'SetOverrideManager': {
      const manager = book.find(command.managerLearnAmpUserId);
      if (manager === undefined || manager.status === 'deactivated')
        return { _tag: 'Deferred', on: 'manager-inactive' };
      return { managerLearnAmpUserId: manager.learnAmpUserId };
    }
    case 'ClearOverrideManager':
      return { managerLearnAmpUserId: null };
    case 'ChangeEmail':
    case 'SetCustomFields':
      return {};
  }
};

const isOutcome = (value: Change | Outcome): value is Outcome => '_tag' in value;

const update = (company: Company, account: LearnAmpAccount, command: Identified): Outcome => {
  const holder = company.book.byEmail(command.identity.email);
  if (holder !== undefined && holder.learnAmpUserId !== account.learnAmpUserId)
    return rejected('duplicate_email', 'email');
  const change = changeOf(company, account, command);
  if (isOutcome(change)) return change;
  const after = company.book.change(account, { ...command.identity, ...change });
  return command.kind === 'SetCustomFields' ? customFields(company, after, command) : updated(after);
};

const setAvatar = ({ pictures }: Company, account: LearnAmpAccount, { photo }: DispatchedCommand): Outcome => {
  if (photo === undefined) return rejected('not_an_image');
  pictures.set(account.learnAmpUserId, photo.bytes);
  return updated(account);
};

/** One command, carried out at once. */
export const carryOut = (company: Company, sent: DispatchedCommand): Outcome => {
  const { command } = sent;
  if (command.kind === 'CreateUser') return create(company, sent, command);
  if (command.kind === 'EnsureTeam') return ensureTeam(company, command);
  const account = company.book.find(command.learnAmpUserId);
  if (account === undefined) return rejected('not_found');
  switch (command.kind) {
    case 'DeactivateUser':
      return deactivate(company, account, sent);
    case 'ReactivateUser':
      return reactivate(company, account);
    case 'SendInvitation':
      return invite(company, account);
    case 'SetAvatar':
      return setAvatar(company, account, sent);
    case 'ClearAvatar':
      return company.pictures.delete(account.learnAmpUserId) ? updated(account) : noop(account);
    default:
      return update(company, account, command);
  }
};
