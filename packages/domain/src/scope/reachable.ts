import type { ObjectId } from '../ids.js';

/** The recorded edges between groups, and groups that no longer grant anything. */
export type GroupGraph = {
  readonly groupsIn: (groupId: ObjectId) => Iterable<ObjectId>;
  readonly isDeleted: (groupId: ObjectId) => boolean;
};

/** The groups below a scope group, breadth first; the value is the group through which each was first met. */
export type ReachableGroups = ReadonlyMap<ObjectId, ObjectId | null>;

/**
 * Who is in scope. The groups are found once for each change of their edges; a person is decided from the groups that hold
 * him, so that asking about one costs the same among a thousand people and among a million.
 */
export type Reach = {
  readonly groups: ReachableGroups;
  /** Of the groups below the scope group the nearest one that a user is a direct member of; `undefined`: not in scope. */
  readonly holderOf: (userId: ObjectId) => ObjectId | undefined;
};

const inOrder = (groupIds: Iterable<ObjectId>): ReadonlyArray<ObjectId> => [...groupIds].sort();

/**
 * Reachability over recorded edges. Cycles and diamonds are ordinary; breaking a cycle leaves exactly what is still
 * reachable. A queue, not recursion: a chain of 10,000 groups is as good as one of two (FC-09).
 */
export const reachableGroups = (scopeGroupId: ObjectId, graph: GroupGraph): ReachableGroups => {
  const groups = new Map<ObjectId, ObjectId | null>();
  if (graph.isDeleted(scopeGroupId)) return groups;
  groups.set(scopeGroupId, null);
  // The map is the queue: what is entered meanwhile comes last.
  for (const groupId of groups.keys()) {
    // In one order, whatever order the edges were learnt in: the way that is shown is the same after a restart.
    for (const child of inOrder(graph.groupsIn(groupId))) {
      if (groups.has(child) || graph.isDeleted(child)) continue;
      groups.set(child, groupId);
    }
  }
  return groups;
};

/** @param groupsOf every group that a user is recorded to be a direct member of */
export const reachOver = (groups: ReachableGroups, groupsOf: (userId: ObjectId) => Iterable<ObjectId>): Reach => {
  const rank = new Map<ObjectId, number>();
  for (const groupId of groups.keys()) rank.set(groupId, rank.size);
  return {
    groups,
    holderOf: (userId) => {
      let nearest: ObjectId | undefined;
      let best = Infinity;
      for (const groupId of groupsOf(userId)) {
        const at = rank.get(groupId) ?? Infinity;
        if (at < best) [nearest, best] = [groupId, at];
      }
      return nearest;
    },
  };
};

/** The groups from the scope group down to the one a user is a direct member of. */
export const pathTo = (userId: ObjectId, reach: Reach): ReadonlyArray<ObjectId> => {
  const path: ObjectId[] = [];
  let group: ObjectId | null | undefined = reach.holderOf(userId);
  while (group !== null && group !== undefined) {
    path.push(group);
    group = reach.groups.get(group);
  }
  return path.reverse();
};
