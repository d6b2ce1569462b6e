import type { Edit, EditContext } from './edit-context.js';
import * as groups from './group-edits.js';
import * as people from './person-edits.js';

const weighted: ReadonlyArray<readonly [number, Edit]> = [
  [6, people.hire],
  [2, people.inviteGuest],
  [6, groups.join],
  [6, groups.leave],
  [4, groups.leaveAll],
  [5, groups.move],
  [5, groups.nest],
  [4, groups.detach],
  [2, groups.newGroup],
  [1, groups.emptyGroup],
  [2, groups.deleteGroup],
  [2, groups.restoreGroup],
  [1, groups.purgeGroup],
  [4, people.deleteUser],
  [4, people.restoreUser],
  [2, people.purgeUser],
  [4, people.rename],
  [2, people.recase],
  [16, people.attribute],
  [2, people.clearProfile],
  [8, people.setManager],
  [2, people.manageEachOther],
  [4, people.clearManager],
  [3, people.block],
  [2, people.oldAddress],
  [2, people.inherit],
  [1, people.sharedAddress],
  [1, people.handmade],
  [1, people.takenElsewhere],
];

/** One random edit that changes something; what it did, in words. */
export const randomEdit = (context: EditContext): string => {
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    let drawn = context.random.next() * total;
    const edit = weighted.find(([weight]) => (drawn -= weight) < 0)?.[1] ?? people.attribute;
    const did = edit(context);
    if (did !== undefined) return did;
  }
};
