import { everythingBelow } from './oracle-rules.js';
import type { RandomCompany } from './random-company.js';

export type BlindSpots = {
  readonly fullNeeded: () => boolean;
  /** Somebody or a group is about to come back from the recycle bin. */
  readonly onRestore: (id: string) => void;
  /** A sync is about to read: `everything` from the beginning, or what is new. */
  readonly onSync: (everything: boolean) => void;
  readonly onFullDone: () => void;
};

/**
 * What Graph never told and only a full read can find: places and managers of objects that were in the recycle bin while
 * the group or the person they belong to was read for the first time (or from the beginning).
 */
export const makeBlindSpots = ({ simulator, graph }: RandomCompany): BlindSpots => {
  const { directory, scopeGroupId } = simulator;
  const followed = new Set<string>();
  const inScope = new Set<string>();
  const hidden = new Set<string>();
  let fullNeeded = false;
  return {
    fullNeeded: () => fullNeeded,
    onRestore: (id: string): void => {
      const isUser = directory.find(id)?.kind === 'user';
      if (hidden.has(id) || (isUser && graph.restoredUsersShow === false)) fullNeeded = true;
    },
    onSync: (everything: boolean): void => {
      const below = everythingBelow(directory, scopeGroupId);
      const bin = new Set([...directory.deletedUsers(), ...directory.deletedGroups()].map(({ id }) => id));
      for (const group of directory.groups()) {
        if (!below.has(group.id) || (followed.has(group.id) && !everything)) continue;
        for (const memberId of group.memberIds) if (bin.has(memberId)) hidden.add(memberId);
      }
      for (const user of directory.users()) {
        if (!below.has(user.id) || (inScope.has(user.id) && !everything)) continue;
        if (user.managerId !== undefined && bin.has(user.managerId)) hidden.add(user.managerId);
      }
      inScope.clear();
      for (const id of below) {
        inScope.add(id);
        followed.add(id);
      }
    },
    onFullDone: (): void => {
      fullNeeded = false;
    },
  };
};
