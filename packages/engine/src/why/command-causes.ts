import type { CommandKind, DirectoryEventType } from '@learnamp/directory-sync-domain';

const names = ['DisplayNameChanged', 'GivenNameChanged', 'SurnameChanged'] as const;
const addresses = ['UserPrincipalNameChanged', 'MailChanged', 'UserTypeChanged'] as const;
const profile = [
  'JobTitleChanged',
  'DepartmentChanged',
  'OfficeLocationChanged',
  'PreferredLanguageChanged',
  'HireDateChanged',
  'CustomAttributeChanged',
] as const;
const seen = ['LearnAmpUserObserved', 'DriftDetected'] as const;

/**
 * The events that each kind of command follows from: facts of the directory first, then what was seen at Learn Amp, then what
 * somebody decided. A command that follows from none of them since the last one of its kind followed from the preferences.
 */
export const causes: Readonly<Record<CommandKind, ReadonlyArray<DirectoryEventType>>> = {
  CreateUser: ['UserJoinedGroup', ...names, ...addresses, 'HeldCommandsApproved'],
  LinkUser: ['UserJoinedGroup', ...addresses, ...seen],
  UpdateProfile: ['UserJoinedGroup', ...names, ...profile, ...seen],
  ChangeEmail: ['UserJoinedGroup', ...addresses, ...seen],
  DeactivateUser: ['UserLeftGroup', 'LeaveConfirmed', 'UserDeleted', 'AccountBlocked', 'HeldCommandsApproved'],
  ReactivateUser: ['UserJoinedGroup', 'UserRestored', 'AccountUnblocked', ...seen],
  EnsureTeam: [],
  SetPrimaryTeam: ['UserJoinedGroup', 'DepartmentChanged', 'CustomAttributeChanged', ...seen],
  SetOverrideManager: ['UserJoinedGroup', 'ManagerAssigned', ...seen],
  ClearOverrideManager: ['ManagerUnassigned', 'ManagerAssigned', ...seen],
  SetAvatar: ['PhotoChanged'],
  ClearAvatar: ['PhotoRemoved'],
  SendInvitation: ['UserJoinedGroup'],
  SetCustomFields: ['UserJoinedGroup', 'CustomAttributeChanged', ...profile, ...seen],
};
