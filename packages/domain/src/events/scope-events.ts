import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { ObjectId } from '../ids.js';

const MemberKind = t.keyof({ user: null, group: null, other: null });
const Removal = t.keyof({ soft: null, permanent: null });
const nullableText = t.union([t.string, t.null]);

/** Entered the scope, with the whole profile, the manager, and the groups from the scope group to the person. */
export const UserJoinedGroup = defineEvent({
  type: 'UserJoinedGroup',
  data: t.strict({
    userId: ObjectId,
    attributes: t.record(t.string, nullableText),
    accountEnabled: t.boolean,
    managerId: t.union([ObjectId, t.null]),
    path: t.readonlyArray(ObjectId),
  }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
  // That somebody joined stays known: the counts of people are the same before and after an erasure.
  erased: ([userId = '']) => ({
    userId: userId as ObjectId,
    attributes: {},
    accountEnabled: true,
    managerId: null,
    path: [],
  }),
});

/** Left the scope. `removed`: no path of groups leads to the person any more; `deleted`: the account is gone in Entra. */
export const UserLeftGroup = defineEvent({
  type: 'UserLeftGroup',
  data: t.strict({
    userId: ObjectId,
    reason: t.keyof({ removed: null, deleted: null, 'scope-changed': null }),
  }),
  subjects: (data) => [data.userId],
});

/** A second read agreed that the person is out: only now may a deactivation be planned (design D4). */
export const LeaveConfirmed = defineEvent({
  type: 'LeaveConfirmed',
  data: t.strict({ userId: ObjectId, by: t.keyof({ checkMemberGroups: null, 'not-found': null }) }),
  subjects: (data) => [data.userId],
});

/** A second read contradicted the leave, or could not speak of it: nothing is planned, it is asked again. */
export const LeaveUnconfirmed = defineEvent({
  type: 'LeaveUnconfirmed',
  data: t.strict({
    userId: ObjectId,
    because: t.keyof({ 'still-a-member': null, forbidden: null, unreadable: null }),
  }),
  subjects: (data) => [data.userId],
});

export const GroupMemberAdded = defineEvent({
  type: 'GroupMemberAdded',
  data: t.strict({ groupId: ObjectId, memberId: ObjectId, kind: MemberKind }),
  subjects: (data) => [data.memberId, data.groupId],
});

export const GroupMemberRemoved = defineEvent({
  type: 'GroupMemberRemoved',
  data: t.strict({ groupId: ObjectId, memberId: ObjectId, kind: MemberKind }),
  subjects: (data) => [data.memberId, data.groupId],
});

/** A group's name, as first seen (`from` is null) and whenever it is another one. For whoever reads: nothing is decided by it. */
export const GroupNameChanged = defineEvent({
  type: 'GroupNameChanged',
  data: t.strict({ groupId: ObjectId, from: nullableText, to: t.string }),
  subjects: (data) => [data.groupId],
  // A group may be named after somebody, and what a company calls its parts is nobody else's business.
  sealing: { kind: 'fields', fields: ['from', 'to'] },
});

export const GroupDeleted = defineEvent({
  type: 'GroupDeleted',
  data: t.strict({ groupId: ObjectId, reason: Removal }),
  subjects: (data) => [data.groupId],
});

export const GroupRestored = defineEvent({
  type: 'GroupRestored',
  data: t.strict({ groupId: ObjectId }),
  subjects: (data) => [data.groupId],
});
