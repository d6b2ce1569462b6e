/** Application permissions of Microsoft Graph that reading a group takes (https://learn.microsoft.com/graph/permissions-reference). */
export type GraphPermission =
  'User.Read.All' | 'GroupMember.Read.All' | 'Group.Read.All' | 'Member.Read.Hidden' | 'ProfilePhoto.Read.All';

const groups = ['GroupMember.Read.All'] as const;
const users = ['User.Read.All'] as const;

/**
 * The least permission that a resource takes, by the name that failures give the resource. What may be about both kinds of
 * object names both.
 */
export const permissionsFor = (what: string): ReadonlyArray<GraphPermission> => {
  // A subscription to groups takes more than reading them, and a refusal of one by its id does not say of what it was.
  if (what.startsWith('subscriptions')) return ['User.Read.All', 'Group.Read.All'];
  if (what.includes('/photo')) return ['ProfilePhoto.Read.All'];
  if (what.startsWith('groups')) return groups;
  if (what.includes('memberOf') || what.includes('MemberGroups')) return ['User.Read.All', 'GroupMember.Read.All'];
  return what.startsWith('users') || what.startsWith('directory/deletedItems') ? users : [...users, ...groups];
};
