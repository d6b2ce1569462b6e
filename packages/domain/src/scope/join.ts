import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { UserObserved } from '../observations.js';

/**
 * The event of somebody entering the scope, from a read that carries the whole profile. `undefined` when it does not:
 * `UserJoinedGroup` is never incomplete (design D12), the person is asked for again.
 */
export const joinScope = (
  seen: UserObserved,
  tracked: ReadonlyArray<string>,
  path: ReadonlyArray<ObjectId>,
): DirectoryEvent | undefined => {
  if (!seen.complete || (seen.attributes.userPrincipalName ?? null) === null) return undefined;
  const managerId =
    seen.manager._tag === 'Known'
      ? seen.manager.managerId
      : seen.manager._tag === 'Entries'
        ? (seen.manager.assigned ?? null)
        : null;
  return {
    type: 'UserJoinedGroup',
    data: {
      userId: seen.userId,
      attributes: Object.fromEntries(tracked.map((name) => [name, seen.attributes[name] ?? null])),
      accountEnabled: seen.accountEnabled ?? true,
      managerId,
      path,
    },
  };
};
