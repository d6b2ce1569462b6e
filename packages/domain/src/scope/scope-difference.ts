import type { DirectoryPerson } from '../directory/directory-person.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { Reach } from './reachable.js';

export type ScopeDifference = {
  /** Reachable, existing, and not in scope yet: their profiles are read before they join. */
  readonly joining: ReadonlyArray<ObjectId>;
  readonly left: ReadonlyArray<DirectoryEventOf<'UserLeftGroup'>>;
};

/**
 * Scope = reachable and existing, decided once at the end of complete rounds, never per page: a move from one subgroup
 * to another within a round is no leave (FC-11).
 *
 * @param scopeChanged another scope group was designated: leaves it causes are held whatever their number (FC-04)
 */
export const scopeDifference = (input: {
  readonly reach: Reach;
  readonly inScope: Iterable<DirectoryPerson>;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  readonly scopeChanged: boolean;
}): ScopeDifference => {
  const left: DirectoryEventOf<'UserLeftGroup'>[] = [];
  for (const { userId, deleted } of input.inScope) {
    if (deleted !== undefined) left.push({ type: 'UserLeftGroup', data: { userId, reason: 'deleted' } });
    else if (!input.reach.users.has(userId))
      left.push({ type: 'UserLeftGroup', data: { userId, reason: input.scopeChanged ? 'scope-changed' : 'removed' } });
  }
  const joining = [...input.reach.users.keys()].filter((userId) => {
    const known = input.person(userId);
    return known === undefined || (!known.inScope && known.deleted === undefined);
  });
  return { joining, left };
};
