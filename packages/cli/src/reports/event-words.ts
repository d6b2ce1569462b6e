import { counted } from './printable.js';

type Words = readonly [one: string, many: string];

/** What the directory said. */
const directory: Readonly<Record<string, Words>> = {
  UserJoinedGroup: ['person joined the group', 'people joined the group'],
  UserLeftGroup: ['person left the group', 'people left the group'],
  LeaveConfirmed: ['leave confirmed by a second read', 'leaves confirmed by a second read'],
  LeaveUnconfirmed: ['leave not confirmed by a second read', 'leaves not confirmed by a second read'],
  GroupMemberAdded: ['membership added', 'memberships added'],
  GroupMemberRemoved: ['membership removed', 'memberships removed'],
  GroupNameChanged: ['group name read', 'group names read'],
  GroupDeleted: ['group deleted', 'groups deleted'],
  GroupRestored: ['group restored', 'groups restored'],
  DisplayNameChanged: ['display name changed', 'display names changed'],
  GivenNameChanged: ['given name changed', 'given names changed'],
  SurnameChanged: ['surname changed', 'surnames changed'],
  UserPrincipalNameChanged: ['sign-in name changed', 'sign-in names changed'],
  MailChanged: ['mail address changed', 'mail addresses changed'],
  JobTitleChanged: ['job title changed', 'job titles changed'],
  DepartmentChanged: ['department changed', 'departments changed'],
  OfficeLocationChanged: ['office location changed', 'office locations changed'],
  PreferredLanguageChanged: ['language changed', 'languages changed'],
  HireDateChanged: ['hire date changed', 'hire dates changed'],
  UserTypeChanged: ['user type changed', 'user types changed'],
  CustomAttributeChanged: ['other attribute changed', 'other attributes changed'],
  PhotoChanged: ['photo changed', 'photos changed'],
  PhotoRemoved: ['photo removed', 'photos removed'],
  ManagerAssigned: ['manager assigned', 'managers assigned'],
  ManagerUnassigned: ['manager removed', 'managers removed'],
  AccountBlocked: ['account blocked', 'accounts blocked'],
  AccountUnblocked: ['account unblocked', 'accounts unblocked'],
  UserDeleted: ['account deleted in Entra', 'accounts deleted in Entra'],
  UserRestored: ['account restored in Entra', 'accounts restored in Entra'],
  PersonErased: ['leaver erased', 'leavers erased'],
  ResyncRequired: ['source that Microsoft Graph wants read again', 'sources that Microsoft Graph wants read again'],
  ScopeGroupChanged: ['change of the group itself', 'changes of the group itself'],
  PreferencesChanged: ['set of preferences recorded', 'sets of preferences recorded'],
  ConnectionSettingsChanged: ['change of the connection settings', 'changes of the connection settings'],
};

/** What happened, in the order of the table; the engine's own bookkeeping is left out. */
export const changesInWords = (events: Readonly<Record<string, number>>): ReadonlyArray<string> =>
  Object.entries(directory).flatMap(([type, [one, many]]) => {
    const count = events[type] ?? 0;
    return count === 0 ? [] : [counted(count, one, many)];
  });

export const recorded = (events: Readonly<Record<string, number>>): number =>
  Object.values(events).reduce((sum, count) => sum + count, 0);
