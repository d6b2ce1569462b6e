import { isDeletedAccountName } from '../directory/deleted-account-name.js';
import { isComplete } from '../directory/observed-user.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { ManagerMention, UserObserved } from '../observations.js';

/** The path is kept for people to read: of a chain of thousands of groups, both ends are (an event stays below 64 KiB). */
const PATH_END = 32;

const boundedPath = (path: ReadonlyArray<ObjectId>): ReadonlyArray<ObjectId> =>
  path.length <= 2 * PATH_END ? path : [...path.slice(0, PATH_END), ...path.slice(-PATH_END)];

const managerIn = (mention: ManagerMention): ObjectId | null => {
  if (mention._tag === 'Known') return mention.managerId;
  return mention._tag === 'Entries' ? (mention.assigned ?? null) : null;
};

/**
 * The event of somebody entering the scope, from a read that carries the whole profile. `undefined` when it does not, or
 * when it shows a deleted account: `UserJoinedGroup` is never incomplete, the person is asked for again.
 */
export const joinScope = (
  seen: UserObserved,
  tracked: ReadonlyArray<string>,
  path: ReadonlyArray<ObjectId>,
): DirectoryEvent | undefined => {
  const { userId, attributes, accountEnabled, manager } = seen;
  if (!isComplete(seen) || isDeletedAccountName(userId, attributes.userPrincipalName)) return undefined;
  return {
    type: 'UserJoinedGroup',
    data: {
      userId,
      attributes: Object.fromEntries(tracked.map((name) => [name, attributes[name] ?? null])),
      accountEnabled: accountEnabled ?? true,
      managerId: managerIn(manager),
      path: boundedPath(path),
    },
  };
};
