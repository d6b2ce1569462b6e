import type { GroupObservation, ObjectId } from '@learnamp/directory-sync-domain';

/** What one round has said of groups and members so far; of each the last word. */
export type ToldEdges = {
  /** The members that groups were said to have; a group stands here once it was mentioned as existing. */
  readonly members: ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>;
  readonly isGroupGone: (groupId: ObjectId) => boolean;
  /** `undefined`: not mentioned in this round. */
  readonly said: (groupId: ObjectId, memberId: ObjectId) => boolean | undefined;
  readonly note: (items: ReadonlyArray<GroupObservation>) => void;
};

export const makeToldEdges = (): ToldEdges => {
  const members = new Map<ObjectId, Set<ObjectId>>();
  const removed = new Map<ObjectId, Set<ObjectId>>();
  const goneGroups = new Set<ObjectId>();
  const of = (map: Map<ObjectId, Set<ObjectId>>, groupId: ObjectId): Set<ObjectId> => {
    const known = map.get(groupId) ?? new Set<ObjectId>();
    map.set(groupId, known);
    return known;
  };
  return {
    members,
    isGroupGone: (groupId) => goneGroups.has(groupId),
    said: (groupId, memberId) => {
      if (members.get(groupId)?.has(memberId) === true) return true;
      return removed.get(groupId)?.has(memberId) === true ? false : undefined;
    },
    note: (items) => {
      for (const item of items) {
        if (item._tag === 'GroupRemoved') {
          goneGroups.add(item.groupId);
          continue;
        }
        goneGroups.delete(item.groupId);
        const [there, gone] = [of(members, item.groupId), removed];
        for (const { memberId, present } of item.members) {
          if (present) there.add(memberId);
          else there.delete(memberId);
          if (!present) of(gone, item.groupId).add(memberId);
          else gone.get(item.groupId)?.delete(memberId);
        }
      }
    },
  };
};
