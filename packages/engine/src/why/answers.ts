import type { Preferences } from '@learnamp/directory-sync-domain';
import type { PersonNow } from './waits.js';
import type { WhyAnswer } from './why.js';

export type AnswerContext = PersonNow & {
  readonly preferences: Preferences;
  /** Attributes that Microsoft Graph refuses to give. */
  readonly leftOut: ReadonlyArray<string>;
  /** When every source was last read to its end, as far as that is known. */
  readonly roundAt: string | null;
  /** Learn Amp says that it has no avatars. */
  readonly noAvatars: boolean;
};

const listed = (words: ReadonlyArray<string>): string => words.join(', ');

const details = ({ person, preferences, leftOut, roundAt, plan }: AnswerContext): string => {
  const off = Object.entries(preferences.attributes).flatMap(([field, sources]) =>
    sources.length === 0 ? [field] : [],
  );
  const carried = plan.notes.flatMap(({ kind }) => {
    if (kind === 'unmapped-language') return ['the language is not offered by Learn Amp and left alone'];
    if (kind === 'shortened') return ['a text is too long for Learn Amp and cut'];
    return kind === 'unusable-hire-date' ? ['the hire date is no date and left alone'] : [];
  });
  return [
    roundAt === null ? 'no complete read is noted' : `the directory was last read to its end at ${roundAt}`,
    ...(person?.accountEnabled === false
      ? [
          preferences.deactivateBlockedAccounts
            ? 'blocked in Entra, which deactivates here (deactivateBlockedAccounts)'
            : 'blocked in Entra, which has no effect (deactivateBlockedAccounts is off)',
        ]
      : []),
    ...(off.length === 0 ? [] : [`switched off in the preferences: ${listed(off)}`]),
    ...(leftOut.length === 0 ? [] : [`Microsoft Graph does not give: ${listed(leftOut)}`]),
    ...carried,
  ].join('; ');
};

const manager = ({ person, delivered, preferences }: AnswerContext): string => {
  if (!preferences.assignOverrideManagers) return 'assignOverrideManagers is off: managers are left alone';
  const override =
    delivered.managerLearnAmpUserId === undefined
      ? 'no override is known at Learn Amp'
      : delivered.managerLearnAmpUserId === null
        ? 'no override at Learn Amp'
        : `the override at Learn Amp is the account ${delivered.managerLearnAmpUserId}`;
  const named =
    person?.managerId === undefined || person.managerId === null
      ? 'the directory names no manager'
      : `the directory names ${person.managerId}`;
  return `${named}; ${override}; team managers are never touched`;
};

const team = ({ state, delivered, plan, preferences }: AnswerContext): string => {
  const key = plan.team?.key ?? delivered.teamKey;
  const known = key === undefined ? undefined : state.connection().teams[key];
  const name = known?.name ?? plan.team?.name;
  if (preferences.attributes.primaryTeam.length === 0 && preferences.attributes.department.length === 0)
    return 'no attribute feeds the primary team: it is left alone';
  return name === undefined
    ? 'no department: the present primary team stays; teams are flat, a hierarchy is neither read nor changed'
    : `the primary team follows the department: ${name}; teams are flat, a hierarchy is neither read nor changed`;
};

const customFields = ({ preferences, state, delivered }: AnswerContext): string => {
  const mapped = Object.entries(preferences.customFields);
  if (mapped.length === 0) return 'no custom field is written: the preference customFields is empty';
  if (state.connection().unsupported.includes('SetCustomFields'))
    return 'custom fields cannot be written over this API';
  const refused = delivered.rejected.SetCustomFields;
  const trouble = refused === undefined ? '' : `; refused: ${refused.code} ${listed(refused.fields)}`.trimEnd();
  const fields = mapped.map(([attribute, name]) => {
    const held = delivered.customFields[name];
    return `${name} from ${attribute}${held === undefined ? '' : ` (${held ?? 'empty'})`}`;
  });
  return `${listed(fields)}${trouble}`;
};

const photo = ({ preferences, state, person, delivered, noAvatars }: AnswerContext): string => {
  if (!preferences.syncPhotos) return 'syncPhotos is off: photos are left alone';
  if (noAvatars || state.connection().unsupported.includes('SetAvatar'))
    return 'Learn Amp cannot be given avatars over this API: photos are left alone';
  const refused = delivered.rejected.SetAvatar;
  if (refused !== undefined) return `Learn Amp refused the photo: ${refused.code}`;
  if (person?.photo === undefined)
    return 'no photo was seen yet; photos come with "Sync users" and the daily full cycle';
  if (person.photo === null)
    return preferences.clearRemovedPhotos
      ? 'the photo was removed'
      : 'the photo was removed in Entra, and the avatar stays';
  return delivered.photo?.mark === person.photo
    ? 'the photo was sent'
    : 'a photo was seen, and is sent with the next "Sync users" or daily full cycle';
};

/** What the troubleshooting table asks of somebody in scope, in its order. */
export const answersOf = (context: AnswerContext): ReadonlyArray<WhyAnswer> =>
  context.person?.everInScope !== true || context.person.erased
    ? []
    : [
        { topic: 'details', says: details(context) },
        { topic: 'manager', says: manager(context) },
        { topic: 'team', says: team(context) },
        { topic: 'custom-fields', says: customFields(context) },
        { topic: 'photo', says: photo(context) },
      ];
