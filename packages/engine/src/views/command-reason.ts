import type { Command } from '@learnamp/directory-sync-domain';

/** Why a command is planned, in one word that does not change. */
export type CommandReason =
  | 'joined'
  | 'account-exists'
  | 'returned'
  | 'directory-changed'
  | 'changed-at-learn-amp'
  | 'department'
  | 'manager'
  | 'no-manager'
  | 'photo'
  | 'photo-removed'
  | 'left-the-group'
  | 'deleted'
  | 'blocked';

const leaving = { left_scope: 'left-the-group', disabled: 'blocked', deleted: 'deleted' } as const;
const returning = { returned: 'returned', adopted: 'account-exists', drift: 'changed-at-learn-amp' } as const;

/** Fields of a drift that a command of this kind puts right. */
const putsRight: Readonly<Partial<Record<Command['kind'], (field: string) => boolean>>> = {
  UpdateProfile: (field) => !/^(custom:|email$|primaryTeam$|manager$|status$|account$)/.test(field),
  ChangeEmail: (field) => field === 'email',
  SetCustomFields: (field) => field.startsWith('custom:'),
  SetPrimaryTeam: (field) => field === 'primaryTeam',
  SetOverrideManager: (field) => field === 'manager',
  DeactivateUser: (field) => field === 'status',
};

const own = (command: Command): CommandReason => {
  switch (command.kind) {
    case 'CreateUser':
    case 'SendInvitation':
      return 'joined';
    case 'LinkUser':
      return 'account-exists';
    case 'ReactivateUser':
      return returning[command.reason];
    case 'DeactivateUser':
      return leaving[command.reason];
    case 'EnsureTeam':
    case 'SetPrimaryTeam':
      return 'department';
    case 'SetOverrideManager':
      return 'manager';
    case 'ClearOverrideManager':
      return 'no-manager';
    case 'SetAvatar':
      return 'photo';
    case 'ClearAvatar':
      return 'photo-removed';
    default:
      return 'directory-changed';
  }
};

/** @param drifted what somebody changed at Learn Amp for this person, as this look found it */
export const commandReason = (command: Command, drifted: ReadonlyArray<string>): CommandReason =>
  drifted.some((field) => putsRight[command.kind]?.(field) === true) ? 'changed-at-learn-amp' : own(command);
