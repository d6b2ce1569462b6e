import type { CommandOf, Identity, ProfileValues } from '@learnamp/directory-sync-domain';
import { profileFields } from '@learnamp/directory-sync-domain';
import type { Fields, FieldValue } from '../http/encode-body.js';
import type { ExternalIdSlot } from '../rest/rest-settings.js';

/** Commands that set fields of one account: each is a `PUT /v1/users/{id}`. */
export type UpdateCommand = CommandOf<
  | 'LinkUser'
  | 'UpdateProfile'
  | 'ChangeEmail'
  | 'SetPrimaryTeam'
  | 'SetOverrideManager'
  | 'ClearOverrideManager'
  | 'SetCustomFields'
>;

type Entry = readonly [string, FieldValue];

/** E-mail and names stand in every update, as the reference marks them required there too. */
const identityFields = ({ email, firstName, lastName }: Identity): ReadonlyArray<Entry> => [
  ['email', email],
  ['firstName', firstName],
  ['lastName', lastName],
];

const profileEntries = (values: ProfileValues): ReadonlyArray<Entry> =>
  profileFields.flatMap((field): ReadonlyArray<Entry> => {
    const value = values[field];
    return value === undefined ? [] : [[field, value]];
  });

/** Our id in the slot that was chosen for it; nothing where the engine alone keeps the link. */
const slotEntries = (slot: ExternalIdSlot, externalId: string | null): ReadonlyArray<Entry> => {
  if (externalId === null || slot === 'none') return [];
  if (slot === 'integrationExternalId') return [['integrationExternalId', externalId]];
  return [['customFields', [{ name: slot.customField, value: externalId }]]];
};

/**
 * The body of a creation. The invitation is always stated: Learn Amp mails at once when nothing is said.
 * Never here: role, teams, manager, time zone.
 */
export const createFields = (slot: ExternalIdSlot, command: CommandOf<'CreateUser'>): Fields =>
  new Map<string, FieldValue>([
    ...identityFields({ ...command.identity, email: command.identity.email.toLowerCase() }),
    ...slotEntries(slot, command.externalId),
    ...profileEntries(command.profile),
    ['skipInvitation', command.invite !== 'now'],
  ]);

const ownFields = (slot: ExternalIdSlot, command: UpdateCommand): ReadonlyArray<Entry> => {
  switch (command.kind) {
    case 'LinkUser':
      return slotEntries(slot, command.externalId);
    case 'UpdateProfile':
      return [...profileEntries(command.set), ...command.clear.map((field): Entry => [field, null])];
    case 'ChangeEmail':
      return [];
    case 'SetPrimaryTeam':
      return [['primaryTeamId', command.teamId]];
    case 'SetOverrideManager':
      return [['managerId', command.managerLearnAmpUserId]];
    case 'ClearOverrideManager':
      return [['managerId', null]];
    case 'SetCustomFields':
      return [['customFields', command.fields]];
  }
};

/**
 * One body for commands of one account in their order: a later value of a field replaces an earlier one.
 * An update never invites, and says so.
 */
export const updateFields = (slot: ExternalIdSlot, commands: ReadonlyArray<UpdateCommand>): Fields =>
  new Map<string, FieldValue>([
    ...commands.flatMap((command) => [...identityFields(command.identity), ...ownFields(slot, command)]),
    ['skipInvitation', true],
  ]);

export const withoutField = (fields: Fields, name: string): Fields =>
  new Map([...fields].filter(([key]) => key !== name));
