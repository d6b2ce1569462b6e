import type { DirectoryEvent } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { GroupObservation, MemberKind, MemberObserved } from '../observations.js';

/** What is known of one group: whether it was met, whether it is deleted, what it is called, and its direct members. */
export type KnownGroup = {
  readonly groupId: ObjectId;
  readonly met: boolean;
  readonly deleted: boolean;
  /** As it was last told. */
  readonly name?: string | undefined;
  readonly members: ReadonlyMap<ObjectId, MemberKind>;
};

const memberEvents = (
  known: KnownGroup,
  { memberId, kind, present }: MemberObserved,
): ReadonlyArray<DirectoryEvent> => {
  const { groupId } = known;
  const knownKind = known.members.get(memberId);
  if (!present)
    return knownKind === undefined
      ? []
      : [{ type: 'GroupMemberRemoved', data: { groupId, memberId, kind: knownKind } }];
  // A member of a kind that nobody could tell before is news once it turns out to be a person or a group.
  const isNews = knownKind === undefined || (knownKind === 'other' && kind !== 'other');
  return isNews ? [{ type: 'GroupMemberAdded', data: { groupId, memberId, kind } }] : [];
};

/**
 * What is new in what Graph said about one group. A slice adds to what is known and never replaces it; within one entry
 * the last mention of a member wins. Removal entries of members never met are history, not news.
 */
export const detectGroup = (known: KnownGroup, seen: GroupObservation): ReadonlyArray<DirectoryEvent> => {
  const { groupId } = known;
  if (seen._tag === 'GroupRemoved')
    return known.met && !known.deleted ? [{ type: 'GroupDeleted', data: { groupId, reason: seen.reason } }] : [];
  const last = new Map(seen.members.map((member) => [member.memberId, member]));
  const restored: ReadonlyArray<DirectoryEvent> = known.deleted ? [{ type: 'GroupRestored', data: { groupId } }] : [];
  const { name } = seen;
  const named: ReadonlyArray<DirectoryEvent> =
    name === undefined || name === known.name
      ? []
      : [{ type: 'GroupNameChanged', data: { groupId, from: known.name ?? null, to: name } }];
  return [...restored, ...named, ...[...last.values()].flatMap((member) => memberEvents(known, member))];
};

/**
 * Members that a full round of this group did not name, though one and the same seen-set saw it from its beginning to its
 * delta link: the only absence that is evidence. Asked only for groups that the round itself returned.
 */
export const detectAbsentMembers = (known: KnownGroup, seen: ReadonlySet<ObjectId>): ReadonlyArray<DirectoryEvent> =>
  [...known.members]
    .filter(([memberId]) => !seen.has(memberId))
    .map(([memberId, kind]) => ({ type: 'GroupMemberRemoved', data: { groupId: known.groupId, memberId, kind } }));
