import type { CommandKind } from '@learnamp/directory-sync';
import { counted } from './printable.js';

type Words = { readonly one: string; readonly many: string; readonly done: string; readonly verb: string };

const words = (one: string, many: string, done: string, verb: string): Words => ({ one, many, done, verb });

/** In the order in which commands are sent. */
const commandWords: Readonly<Record<CommandKind, Words>> = {
  EnsureTeam: words('team', 'teams', 'ensured', 'ensure'),
  CreateUser: words('account', 'accounts', 'created', 'create'),
  LinkUser: words('existing account', 'existing accounts', 'linked', 'link'),
  ReactivateUser: words('account', 'accounts', 'reactivated', 'reactivate'),
  ChangeEmail: words('e-mail address', 'e-mail addresses', 'changed', 'change'),
  UpdateProfile: words('profile', 'profiles', 'updated', 'update'),
  SetCustomFields: words('set of custom fields', 'sets of custom fields', 'written', 'write'),
  SetPrimaryTeam: words('primary team', 'primary teams', 'set', 'set'),
  SetOverrideManager: words('manager', 'managers', 'set', 'set'),
  ClearOverrideManager: words('manager', 'managers', 'cleared', 'clear'),
  SetAvatar: words('photo', 'photos', 'set', 'set'),
  ClearAvatar: words('photo', 'photos', 'cleared', 'clear'),
  SendInvitation: words('invitation', 'invitations', 'sent', 'send'),
  DeactivateUser: words('account', 'accounts', 'deactivated', 'deactivate'),
};

export const commandKinds = Object.keys(commandWords) as ReadonlyArray<CommandKind>;

/** "3 accounts created" */
export const doneInWords = (kind: CommandKind, count: number): string => {
  const { one, many, done } = commandWords[kind];
  return `${counted(count, one, many)} ${done}`;
};

/** "3 accounts to create" */
export const toDoInWords = (kind: CommandKind, count: number): string => {
  const { one, many, verb } = commandWords[kind];
  return `${counted(count, one, many)} to ${verb}`;
};
