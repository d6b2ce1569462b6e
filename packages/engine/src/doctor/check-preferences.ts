import type { Preferences } from '@learnamp/directory-sync-domain';
import { note, ok, type DoctorCheck } from './doctor-check.js';

const details = ({ attributes, deactivateBlockedAccounts }: Preferences): DoctorCheck => {
  const off = Object.entries(attributes).flatMap(([field, names]) => (names.length === 0 ? [field] : []));
  const blocked = deactivateBlockedAccounts
    ? 'A blocked account is deactivated.'
    : 'A blocked sign-in changes nothing: only who leaves the group is deactivated.';
  return off.length === 0
    ? ok('preferences-details', `Every detail is mapped. ${blocked}`)
    : note(
        'preferences-details',
        `Not updated, since the preference attributes switches them off: ${off.join(', ')}. ${blocked}`,
      );
};

const managers = ({ assignOverrideManagers }: Preferences): DoctorCheck =>
  assignOverrideManagers
    ? ok(
        'preferences-managers',
        'The manager in Entra becomes the override manager, once both are in the group and have accounts.',
      )
    : note('preferences-managers', 'assignOverrideManagers is off: managers are left alone.');

const teams = ({ attributes }: Preferences): DoctorCheck =>
  attributes.primaryTeam.length === 0
    ? note('preferences-teams', 'The preference attributes switches primaryTeam off: teams are left alone.')
    : ok(
        'preferences-teams',
        `The primary team follows ${attributes.primaryTeam.join(' or ')}. Teams are flat: who wants a hierarchy sets it up in Learn Amp, and it is left alone.`,
      );

const customFields = ({ customFields: mapped }: Preferences): DoctorCheck => {
  const entries = Object.entries(mapped);
  return entries.length === 0
    ? ok('preferences-custom-fields', 'customFields is empty: no custom field is written.')
    : ok(
        'preferences-custom-fields',
        `Custom fields are written: ${entries.map(([attribute, name]) => `${name} from ${attribute}`).join(', ')}.`,
      );
};

const photos = ({ syncPhotos }: Preferences, canSet: boolean): DoctorCheck => {
  if (!syncPhotos) return note('preferences-photos', 'syncPhotos is off: photos are left alone.');
  return canSet
    ? ok('preferences-photos', 'Photos become avatars in "Sync users" and in the daily full cycle, not in between.')
    : note(
        'preferences-photos',
        'Learn Amp’s REST API has no way to set an avatar, so no photo is sent: it takes a host that sets avatars in process; or set syncPhotos to false.',
      );
};

/** What is switched off, or cannot be: the rows of the troubleshooting table that need nobody to be asked. */
export const checkPreferences = (preferences: Preferences, setsAvatars: boolean): ReadonlyArray<DoctorCheck> => [
  details(preferences),
  managers(preferences),
  teams(preferences),
  customFields(preferences),
  photos(preferences, setsAvatars),
];
