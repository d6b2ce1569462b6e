import type { Command, DeliveredPerson } from '@learnamp/directory-sync-domain';
import type { WhyFields } from './why.js';

type Change = { readonly before: WhyFields; readonly after: WhyFields };
type Values = Readonly<Record<string, string | null | undefined>>;

/** Without what is not known. */
const known = (values: Values): WhyFields =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

const change = (before: Values, after: Values): Change => ({ before: known(before), after: known(after) });

const profileChange = (
  { identity, set, clear }: Extract<Command, { readonly kind: 'UpdateProfile' }>,
  delivered: DeliveredPerson,
): Change => {
  const emptied = Object.fromEntries(clear.map((field) => [field, null]));
  const fields: Values = { ...set, ...emptied };
  const named = (['firstName', 'lastName'] as const).filter((part) => identity[part] !== delivered[part]);
  return change(
    {
      ...Object.fromEntries(named.map((part) => [part, delivered[part]])),
      ...Object.fromEntries(
        Object.keys(fields).map((field) => [field, delivered.profile[field as keyof typeof delivered.profile]]),
      ),
    },
    { ...Object.fromEntries(named.map((part) => [part, identity[part]])), ...fields },
  );
};

/* eslint-disable complexity -- one short case for each of the fourteen kinds of command */
/** What a command set, and what Learn Amp was known to hold of that before it went out. */
export const commandFields = (command: Command, delivered: DeliveredPerson): Change => {
  switch (command.kind) {
    case 'CreateUser': {
      const { identity, externalId, profile, invite } = command;
      const invitation = typeof invite === 'string' ? invite : invite.on;
      return change({}, { ...identity, ...profile, externalId, invitation });
    }
    case 'LinkUser':
      return change({ externalId: delivered.candidate?.externalId }, { externalId: command.externalId });
    case 'UpdateProfile':
      return profileChange(command, delivered);
    case 'ChangeEmail':
      return change({ email: command.from }, { email: command.identity.email });
    case 'DeactivateUser':
      return change({ status: delivered.status }, { status: 'deactivated' });
    case 'ReactivateUser':
      return change({ status: delivered.status }, { status: 'active' });
    case 'EnsureTeam':
      return change({}, { team: command.name });
    case 'SetPrimaryTeam':
      return change({ primaryTeam: delivered.teamKey ?? delivered.teamId }, { primaryTeam: command.teamKey });
    case 'SetOverrideManager':
      return change(
        { managerLearnAmpUserId: delivered.managerLearnAmpUserId },
        { managerLearnAmpUserId: command.managerLearnAmpUserId, managerUserId: command.managerUserId },
      );
    case 'ClearOverrideManager':
      return change({ managerLearnAmpUserId: delivered.managerLearnAmpUserId }, { managerLearnAmpUserId: null });
    case 'SetAvatar':
      return change({ photo: delivered.photo === null ? null : delivered.photo?.mark }, { photo: command.photo });
    case 'ClearAvatar':
      return change({ photo: delivered.photo === null ? null : delivered.photo?.mark }, { photo: null });
    case 'SendInvitation':
      return change({ status: delivered.status }, { invitation: 'now' });
    case 'SetCustomFields':
      return change(
        Object.fromEntries(command.fields.map(({ name }) => [name, delivered.customFields[name]])),
        Object.fromEntries(command.fields.map(({ name, value }) => [name, value])),
      );
  }
};
