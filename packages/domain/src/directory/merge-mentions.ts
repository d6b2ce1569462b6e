import type { ObjectId } from '../ids.js';
import type { ManagerMention, UserObservation, UserObserved } from '../observations.js';
import { isComplete, saysNothing } from './observed-user.js';

const mergeManager = (earlier: ManagerMention, later: ManagerMention): ManagerMention => {
  if (later._tag === 'NotMentioned') return earlier;
  if (earlier._tag === 'NotMentioned' || later._tag === 'Known') return later;
  if (later.assigned !== undefined) return { ...later, removed: [...removedIn(earlier), ...later.removed] };
  const assigned = earlier._tag === 'Known' ? (earlier.managerId ?? undefined) : earlier.assigned;
  // The later mention takes away what the earlier one gave: whoever it was before, there is none now.
  if (assigned !== undefined && later.removed.includes(assigned)) return { _tag: 'Known', managerId: null };
  return earlier._tag === 'Known' ? earlier : { ...earlier, removed: [...earlier.removed, ...later.removed] };
};

const removedIn = (mention: ManagerMention): ReadonlyArray<ObjectId> =>
  mention._tag === 'Entries' ? mention.removed : [];

const mergeObserved = (earlier: UserObserved, later: UserObserved): UserObserved => ({
  _tag: 'UserObserved',
  userId: later.userId,
  // An answer that lists everything says by what it leaves out that it is empty.
  attributes: isComplete(later) ? later.attributes : { ...earlier.attributes, ...later.attributes },
  accountEnabled: later.accountEnabled ?? earlier.accountEnabled,
  manager: mergeManager(earlier.manager, later.manager),
  complete: isComplete(earlier) || isComplete(later),
});

const isEmpty = (entry: UserObservation): boolean => entry._tag === 'UserObserved' && saysNothing(entry);

/** `undefined`: one speaks of the person as removed and the other as alive. */
const merge = (earlier: UserObservation, later: UserObservation): UserObservation | undefined => {
  if (isEmpty(later)) return earlier;
  if (isEmpty(earlier)) return later;
  if (earlier._tag === 'UserObserved') return later._tag === 'UserObserved' ? mergeObserved(earlier, later) : undefined;
  if (later._tag === 'UserObserved') return undefined;
  return earlier.reason === 'permanent' ? earlier : later;
};

/** Whether both name a value for the same thing, and not the same one. */
const disagree = (earlier: UserObservation, later: UserObservation): boolean => {
  if (earlier._tag !== 'UserObserved' || later._tag !== 'UserObserved') return false;
  if (isEmpty(earlier) || isEmpty(later)) return false;
  const names = Object.keys(later.attributes).filter((name) => Object.hasOwn(earlier.attributes, name));
  if (names.some((name) => earlier.attributes[name] !== later.attributes[name])) return true;
  const [was, is] = [earlier.accountEnabled, later.accountEnabled];
  if (was !== undefined && is !== undefined && was !== is) return true;
  if (earlier.manager._tag === 'NotMentioned' || later.manager._tag === 'NotMentioned') return false;
  return managerNamed(earlier.manager) !== managerNamed(later.manager);
};

const managerNamed = (mention: Exclude<ManagerMention, { readonly _tag: 'NotMentioned' }>): ObjectId | null =>
  mention._tag === 'Known' ? mention.managerId : (mention.assigned ?? null);

/**
 * One observation per person from the entries of one page: the same id may come several times
 * (https://learn.microsoft.com/graph/delta-query-overview), the last mention of each attribute wins. What a page says is the
 * same wherever the service cuts it. People of whom one entry speaks as removed and another as alive are `contradicted`:
 * the reader asks Graph about them directly, and about those whose entries name different values (`disagreeing`).
 */
export const mergeMentions = (
  entries: ReadonlyArray<UserObservation>,
): {
  readonly observations: ReadonlyArray<UserObservation>;
  readonly contradicted: ReadonlyArray<ObjectId>;
  readonly disagreeing: ReadonlyArray<ObjectId>;
} => {
  const merged = new Map<ObjectId, UserObservation>();
  const contradicted = new Set<ObjectId>();
  const disagreeing = new Set<ObjectId>();
  for (const entry of entries) {
    const earlier = merged.get(entry.userId);
    const together = earlier === undefined ? entry : merge(earlier, entry);
    if (earlier !== undefined && disagree(earlier, entry)) disagreeing.add(entry.userId);
    if (together === undefined) contradicted.add(entry.userId);
    else merged.set(entry.userId, together);
  }
  for (const userId of contradicted) merged.delete(userId);
  return { observations: [...merged.values()], contradicted: [...contradicted], disagreeing: [...disagreeing] };
};
