import type { GraphFailure, GraphPermission, TokenClaims } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import { grant, graphError } from '../failure.js';
import { failed, note, ok, type DoctorCheck, type DoctorCheckName } from './doctor-check.js';
import type { Asked } from './doctor-options.js';

type Roles = TokenClaims['roles'];

/** Wider permissions that include the least one. */
const including: Readonly<Record<GraphPermission, ReadonlyArray<string>>> = {
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'GroupMember.Read.All': [
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'Group.Read.All': ['Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Member.Read.Hidden': [],
  'ProfilePhoto.Read.All': ['ProfilePhoto.ReadWrite.All', 'User.Read.All', 'User.ReadWrite.All'],
};

/** `undefined`: the token does not say. */
export const carries = (roles: Roles, permission: GraphPermission): boolean | undefined =>
  roles === undefined ? undefined : [permission, ...including[permission]].some((role) => roles.includes(role));

const refused = (
  check: DoctorCheckName,
  failure: GraphFailure,
  permission: GraphPermission,
  roles: Roles,
): DoctorCheck => {
  if (failure._tag !== 'GraphForbidden') return failed(check, graphError(failure).message);
  const missing = `Missing: ${permission}. Microsoft Graph refuses ${failure.resource ?? 'this'} (${failure.code})`;
  return carries(roles, permission) === true
    ? failed(
        check,
        `${missing} although the token carries it: wait some minutes after a consent; then look for a policy of the tenant that restricts the app.`,
      )
    : failed(check, `${missing}: ${grant([permission])} (application permission, not delegated).`);
};

export const checkUsersPermission = async ({ probes, signal }: Asked, roles: Roles): Promise<DoctorCheck> => {
  const check = 'permission-users';
  const answer = await probes.users({ signal, priority: 'high' });
  if (E.isLeft(answer)) return refused(check, answer.left, 'User.Read.All', roles);
  const missing = `Missing: User.Read.All. People are shown without their names: ${grant(['User.Read.All'])} (application permission, not delegated).`;
  if (answer.right === 'limited') return failed(check, missing);
  if (answer.right === 'readable') return ok(check, 'People and their managers can be read (User.Read.All).');
  return carries(roles, 'User.Read.All') === false
    ? failed(check, `Missing: User.Read.All. The tenant shows nobody: ${grant(['User.Read.All'])}.`)
    : note(check, 'The tenant shows nobody at all, so it cannot be told whether people may be read.');
};

/** By a read of the group's members; a group that is not there is another matter, and says nothing of the permission. */
export const checkGroupsPermission = async ({ probes, options, signal }: Asked, roles: Roles): Promise<DoctorCheck> => {
  const check = 'permission-groups';
  const answer = await probes.countMembers(options.groupId, 'members', { signal, priority: 'high' });
  const isRefused = E.isLeft(answer) && answer.left._tag === 'GraphForbidden';
  if (isRefused) {
    // A group that hides its members may refuse them; what it is shows to whoever may read groups.
    const group = await probes.group(options.groupId, { signal, priority: 'high' });
    return E.isRight(group) && group.right?.hiddenMembership === true
      ? ok(check, 'Groups can be read (GroupMember.Read.All); this one hides its members, see below.')
      : refused(check, answer.left, 'GroupMember.Read.All', roles);
  }
  if (E.isLeft(answer) && answer.left._tag !== 'GraphNotFound' && answer.left._tag !== 'GraphProtocol')
    return failed(check, graphError(answer.left).message);
  if (E.isRight(answer)) return ok(check, 'Groups and their members can be read (GroupMember.Read.All).');
  return carries(roles, 'GroupMember.Read.All') === false
    ? failed(check, `Missing: GroupMember.Read.All. The token does not carry it: ${grant(['GroupMember.Read.All'])}.`)
    : note(check, 'Whether members may be read is not told by this group; see the next lines.');
};

/** Subscribing would write, so that only the token tells. */
export const checkNotificationsPermission = ({ options }: Asked, roles: Roles): DoctorCheck => {
  const check = 'permission-notifications';
  if (options.notifications === undefined)
    return ok(
      check,
      'No notifications are configured: changes are polled, which takes no more than the two permissions above.',
    );
  switch (carries(roles, 'Group.Read.All')) {
    case true:
      return ok(check, 'Changes of people and groups can be subscribed to (Group.Read.All).');
    case false:
      return note(
        check,
        `Missing: Group.Read.All, which subscribing to groups takes beyond reading them. Without it changes of people are notified and those of groups are polled; else ${grant(['Group.Read.All'])}.`,
      );
    case undefined:
      return note(
        check,
        'The token does not say whether groups may be subscribed to (Group.Read.All); without it they are polled.',
      );
  }
};

const harmless = new Set<string>([
  'User.Read.All',
  'GroupMember.Read.All',
  'Group.Read.All',
  'Member.Read.Hidden',
  'ProfilePhoto.Read.All',
  'User-LifeCycleInfo.Read.All',
]);

/** The least set is told where the app has more: what it cannot do cannot be misused. */
export const checkPermissionsBeyond = (roles: Roles): DoctorCheck => {
  if (roles === undefined)
    return note('permissions-beyond', 'The token does not say which permissions the app has beyond these.');
  const beyond = roles.filter((role) => !harmless.has(role));
  return beyond.length === 0
    ? ok('permissions-beyond', 'The app may change nothing in Entra.')
    : note(
        'permissions-beyond',
        `The app also has ${beyond.join(', ')}, which the sync does not need: take away what no other use of the app needs.`,
      );
};
