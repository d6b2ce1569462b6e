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
 * @param candidates each once: everybody whose standing may differ from the recorded edges. Whoever is not among them is
 *   taken to be as recorded
 * @param scopeChanged another scope group was designated: leaves it causes are held whatever their number (FC-04)
 */
export const scopeDifference = (input: {
  readonly reach: Reach;
  readonly candidates: Iterable<ObjectId>;
  readonly person: (userId: ObjectId) => DirectoryPerson | undefined;
  readonly scopeChanged: boolean;
}): ScopeDifference => {
  const left: DirectoryEventOf<'UserLeftGroup'>[] = [];
  const joining: ObjectId[] = [];
  for (const userId of input.candidates) {
    const known = input.person(userId);
    const reachable = input.reach.holderOf(userId) !== undefined;
    // Somebody whose joining can no longer be read joins anew.
    if (known?.inScope !== true || (known.erased && reachable)) {
      if (reachable && known?.deleted === undefined) joining.push(userId);
    } else if (known.deleted !== undefined) left.push({ type: 'UserLeftGroup', data: { userId, reason: 'deleted' } });
    else if (!reachable)
      left.push({ type: 'UserLeftGroup', data: { userId, reason: input.scopeChanged ? 'scope-changed' : 'removed' } });
  }
  return { joining, left };
};
