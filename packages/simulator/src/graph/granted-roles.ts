import type { DirectoryModel, Permission } from '../directory/directory-model.js';

/** The role of a token that stands for each; of `members-limited` there is none, since it is how the first one fails. */
const roles: ReadonlyArray<readonly [Permission, string]> = [
  ['users', 'User.Read.All'],
  ['groups', 'GroupMember.Read.All'],
  ['group-subscriptions', 'Group.Read.All'],
  ['hidden-members', 'Member.Read.Hidden'],
  ['directory', 'Directory.Read.All'],
];

export const grantedRoles = ({ permitted }: Pick<DirectoryModel, 'permitted'>): ReadonlyArray<string> =>
  roles.flatMap(([permission, role]) => (permitted(permission) ? [role] : []));
