import type { DirectoryEvent, KnownGroup, MemberKind, ObjectId } from '@learnamp/directory-sync-domain';

/**
 * The recorded edges, indexed by group. Invariant: equals the fold of `GroupMemberAdded`, `GroupMemberRemoved`,
 * `GroupDeleted` and `GroupRestored` over the stream. A relation of its own: no group's members are ever copied for one event.
 */
export type MembershipIndex = {
  readonly apply: (event: DirectoryEvent) => void;
  readonly group: (groupId: ObjectId) => KnownGroup;
  readonly membersOf: (groupId: ObjectId) => Iterable<readonly [ObjectId, MemberKind]>;
  readonly isDeleted: (groupId: ObjectId) => boolean;
  readonly groups: () => IterableIterator<ObjectId>;
};

const none: ReadonlyMap<ObjectId, MemberKind> = new Map();

export const makeMembershipIndex = (): MembershipIndex => {
  const members = new Map<ObjectId, Map<ObjectId, MemberKind>>();
  const deleted = new Set<ObjectId>();
  const met = new Set<ObjectId>();

  const apply = (event: DirectoryEvent): void => {
    switch (event.type) {
      case 'GroupMemberAdded': {
        const { groupId, memberId, kind } = event.data;
        met.add(groupId);
        if (kind === 'group') met.add(memberId);
        const known = members.get(groupId) ?? new Map<ObjectId, MemberKind>();
        known.set(memberId, kind);
        members.set(groupId, known);
        return;
      }
      case 'GroupMemberRemoved':
        members.get(event.data.groupId)?.delete(event.data.memberId);
        return;
      case 'GroupDeleted':
        deleted.add(event.data.groupId);
        return;
      case 'GroupRestored':
        deleted.delete(event.data.groupId);
        return;
      case 'ConnectionCreated':
        met.add(event.data.groupId);
        return;
      case 'ScopeGroupChanged':
        met.add(event.data.to);
        return;
      default:
    }
  };

  return {
    apply,
    group: (groupId) => ({
      groupId,
      met: met.has(groupId),
      deleted: deleted.has(groupId),
      members: members.get(groupId) ?? none,
    }),
    membersOf: (groupId) => members.get(groupId) ?? none,
    isDeleted: (groupId) => deleted.has(groupId),
    groups: () => members.keys(),
  };
};
