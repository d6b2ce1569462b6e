import type {
  DirectoryGroup,
  DirectoryObject,
  DirectoryThing,
  DirectoryUser,
  GroupProperties,
} from './directory-objects.js';
import type { Journal } from './journal.js';
import type { UserProperties } from './user-properties.js';

/**
 * What the application may read.
 * - `users`: without it, user reads are 403 and members arrive as bare ids.
 * - `groups`: without it, group reads are 403.
 * - `members-limited`: while withdrawn, every user arrives with its id and nulls, in reads, lists and deltas, with status 200.
 * - `hidden-members`: without it, groups with hidden membership show no members.
 * - `group-subscriptions` and `directory` stand for the wider `Group.Read.All` and `Directory.Read.All`.
 */
export type Permission =
  'users' | 'groups' | 'members-limited' | 'hidden-members' | 'group-subscriptions' | 'directory';

export type NewUser = UserProperties & {
  readonly id?: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
};
export type NewGroup = GroupProperties & { readonly id?: string };

export interface DirectoryModel {
  readonly scopeGroupId: string;
  /** Returns the new id. A property given as `undefined` or `null`, or left out, was never set. */
  readonly addUser: (user: NewUser) => string;
  /** Sets what is named; `null` clears, and clearing what was never set changes nothing. */
  readonly updateUser: (id: string, patch: UserProperties) => void;
  readonly setAccountEnabled: (id: string, enabled: boolean) => void;
  /** To the recycle bin: the principal name gets a prefix, memberships, manager and reports stay. */
  readonly deleteUser: (id: string) => void;
  readonly restoreUser: (id: string) => void;
  /** For good, from the recycle bin or directly; memberships and edges to reports end in silence. */
  readonly purgeUser: (id: string) => void;
  readonly setManager: (id: string, managerId: string) => void;
  readonly clearManager: (id: string) => void;
  /** Another etag each time, also for the same bytes. By default a JPEG of its own, 648 by 648. */
  readonly setPhoto: (
    id: string,
    bytes?: Buffer,
    as?: { readonly width: number; readonly height: number; readonly contentType?: string },
  ) => void;
  readonly removePhoto: (id: string) => void;
  readonly addGroup: (group: NewGroup) => string;
  readonly updateGroup: (id: string, patch: Partial<GroupProperties>) => void;
  readonly deleteGroup: (id: string) => void;
  readonly restoreGroup: (id: string) => void;
  readonly purgeGroup: (id: string) => void;
  readonly addMember: (groupId: string, memberId: string) => void;
  readonly removeMember: (groupId: string, memberId: string) => void;
  /** Removes every live direct member. */
  readonly emptyGroup: (groupId: string) => void;
  readonly nestGroup: (parentId: string, childId: string) => void;
  readonly detachGroup: (parentId: string, childId: string) => void;
  /** A member that is neither a person nor a group. Returns its id. */
  readonly addThing: (kind: DirectoryThing['kind'], displayName: string) => string;
  readonly withdraw: (permission: Permission) => void;
  readonly grant: (permission: Permission) => void;
  readonly permitted: (permission: Permission) => boolean;

  /** Ids of the live users below the group, nested groups included; by default the scope group. */
  readonly reachableUsers: (groupId?: string) => ReadonlySet<string>;
  /** Live users, in order of creation. */
  readonly users: () => ReadonlyArray<DirectoryUser>;
  readonly groups: () => ReadonlyArray<DirectoryGroup>;
  /** Whatever its presence; purged objects are tombstones. */
  readonly find: (id: string) => DirectoryObject | undefined;
  /** Live, or an error that names the id. */
  readonly user: (id: string) => DirectoryUser;
  readonly group: (id: string) => DirectoryGroup;
  readonly userByPrincipalName: (name: string) => DirectoryUser | undefined;
  readonly directReports: (id: string) => ReadonlyArray<DirectoryUser>;
  /** Live groups the object is in, through nesting. */
  readonly groupsOf: (id: string) => ReadonlySet<string>;
  readonly deletedUsers: () => ReadonlyArray<DirectoryUser>;
  readonly deletedGroups: () => ReadonlyArray<DirectoryGroup>;
  /** Every user ever, tombstones included. */
  readonly everyUser: () => ReadonlyArray<DirectoryUser>;
  readonly everyGroup: () => ReadonlyArray<DirectoryGroup>;
  readonly journal: Journal;
}
