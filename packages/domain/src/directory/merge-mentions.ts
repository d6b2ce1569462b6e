import type { ObjectId } from '../ids.js';
import type { ManagerMention, UserObservation, UserObserved } from '../observations.js';

const mergeManager = (earlier: ManagerMention, later: ManagerMention): ManagerMention => {
  if (later._tag === 'NotMentioned') return earlier;
  if (later._tag === 'Known' || earlier._tag !== 'Entries') return later;
  return {
    _tag: 'Entries',
    assigned: later.assigned ?? earlier.assigned,
    removed: [...earlier.removed, ...later.removed],
  };
};

const merge = (earlier: UserObserved, later: UserObserved): UserObserved => ({
  _tag: 'UserObserved',
  userId: later.userId,
  attributes: { ...earlier.attributes, ...later.attributes },
  accountEnabled: later.accountEnabled ?? earlier.accountEnabled,
  manager: mergeManager(earlier.manager, later.manager),
  complete: earlier.complete || later.complete,
});

/**
 * One observation per person from the entries of one page: the same id may come several times (graph.md 1.2), the last
 * mention of each attribute wins. People of whom one entry speaks as removed and another as alive are `contradicted`:
 * the reader asks Graph about them directly.
 */
export const mergeMentions = (
  entries: ReadonlyArray<UserObservation>,
): { readonly observations: ReadonlyArray<UserObservation>; readonly contradicted: ReadonlyArray<ObjectId> } => {
  const merged = new Map<ObjectId, UserObservation>();
  const contradicted = new Set<ObjectId>();
  for (const entry of entries) {
    const earlier = merged.get(entry.userId);
    if (earlier !== undefined && earlier._tag !== entry._tag) contradicted.add(entry.userId);
    merged.set(
      entry.userId,
      earlier?._tag === 'UserObserved' && entry._tag === 'UserObserved' ? merge(earlier, entry) : entry,
    );
  }
  for (const userId of contradicted) merged.delete(userId);
  return { observations: [...merged.values()], contradicted: [...contradicted] };
};
