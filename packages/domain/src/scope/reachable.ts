import type { ObjectId } from '../ids.js';
import type { MemberKind } from '../observations.js';

/** The recorded edges: direct members of a group, and groups that no longer grant anything. */
export type GroupGraph = {
  readonly membersOf: (groupId: ObjectId) => Iterable<readonly [ObjectId, MemberKind]>;
  readonly isDeleted: (groupId: ObjectId) => boolean;
};

/** Everything reachable from the scope group; the value is the group through which it was first met (breadth first). */
export type Reach = {
  readonly groups: ReadonlyMap<ObjectId, ObjectId | null>;
  readonly users: ReadonlyMap<ObjectId, ObjectId>;
};

/**
 * Reachability over recorded edges. Cycles and diamonds are ordinary; breaking a cycle leaves exactly what is still
 * reachable. A queue, not recursion: a chain of 10,000 groups is as good as one of two (FC-09).
 */
export const reachable = (scopeGroupId: ObjectId, graph: GroupGraph): Reach => {
  const groups = new Map<ObjectId, ObjectId | null>();
  const users = new Map<ObjectId, ObjectId>();
  if (graph.isDeleted(scopeGroupId)) return { groups, users };
  groups.set(scopeGroupId, null);
  const queue: ObjectId[] = [scopeGroupId];
  for (let at = 0; at < queue.length; at++) {
    const groupId = queue[at];
    if (groupId === undefined) break;
    for (const [memberId, kind] of graph.membersOf(groupId)) {
      if (kind === 'user' && !users.has(memberId)) users.set(memberId, groupId);
      if (kind === 'group' && !groups.has(memberId) && !graph.isDeleted(memberId)) {
        groups.set(memberId, groupId);
        queue.push(memberId);
      }
    }
  }
  return { groups, users };
};

/** The groups from the scope group down to the one a user is a direct member of. */
export const pathTo = (userId: ObjectId, reach: Reach): ReadonlyArray<ObjectId> => {
  const path: ObjectId[] = [];
  let group: ObjectId | null | undefined = reach.users.get(userId);
  while (group !== null && group !== undefined) {
    path.push(group);
    group = reach.groups.get(group);
  }
  return path.reverse();
};
