import type { Command } from '@learnamp/directory-sync-domain';
import { briefly } from './briefly.js';

/* eslint-disable complexity -- one short case for each of the fourteen kinds of command */
/** What a command does, in words; names of people stand where the reader asked for them. */
export const describeCommand = (command: Command): string => {
  switch (command.kind) {
    case 'CreateUser':
      return `create the account ${command.identity.email}${command.invite === 'none' ? '' : ', with an invitation'}`;
    case 'LinkUser':
      return `link the account ${command.identity.email} that exists already`;
    case 'UpdateProfile': {
      const parts = [
        ...Object.entries(command.set).map(([field, value]) => `${field} = ${briefly(value)}`),
        ...command.clear.map((field) => `${field} emptied`),
      ];
      return parts.length === 0
        ? `rename to ${briefly(command.identity.firstName)} ${briefly(command.identity.lastName)}`
        : `set ${parts.join(', ')}`;
    }
    case 'ChangeEmail':
      return `change the address from ${command.from} to ${command.identity.email}`;
    case 'DeactivateUser':
      return {
        left_scope: 'deactivate: left the group',
        disabled: 'deactivate: blocked',
        deleted: 'deactivate: deleted',
      }[command.reason];
    case 'ReactivateUser':
      return 'reactivate';
    case 'EnsureTeam':
      return `create the team ${briefly(command.name)}`;
    case 'SetPrimaryTeam':
      return `primary team ${briefly(command.teamKey)}`;
    case 'SetOverrideManager':
      return `manager ${command.managerUserId}`;
    case 'ClearOverrideManager':
      return 'no manager';
    case 'SetAvatar':
      return 'set the photo';
    case 'ClearAvatar':
      return 'remove the photo';
    case 'SendInvitation':
      return 'send the invitation';
    case 'SetCustomFields':
      return `set ${command.fields.map(({ name, value }) => (value === null ? `${name} emptied` : `${name} = ${briefly(value)}`)).join(', ')}`;
  }
};
