import { ObjectId } from '@learnamp/directory-sync-domain';
import type { GroupRemoved, MemberKind } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { attributeText } from './attribute-values.js';
import type { Item } from './attribute-values.js';
import { refusedField } from './decode-failure.js';
import { OptionalRemovedMark, removalReason } from './removed-mark.js';

const MemberItem = t.intersection([
  t.type({ id: ObjectId }),
  t.partial({ '@odata.type': t.unknown, '@removed': OptionalRemovedMark }),
]);

/** An entry of `groups/delta`. A group without members, or without changes of them, has no `members@delta`. */
const GroupItem = t.intersection([
  t.type({ id: ObjectId }),
  t.partial({
    '@removed': OptionalRemovedMark,
    displayName: t.unknown,
    'members@delta': t.union([t.array(MemberItem), t.null]),
  }),
]);

/** A member as the entry named it; the kind is `undefined` where Graph left the type out. */
export type NamedMember = {
  readonly memberId: ObjectId;
  readonly kind: MemberKind | undefined;
  readonly present: boolean;
};
export type NamedGroup = {
  readonly _tag: 'GroupNamed';
  readonly groupId: ObjectId;
  readonly name: string | undefined;
  readonly members: ReadonlyArray<NamedMember>;
};

/**
 * Devices, contacts and service principals are members, but never people or groups of people. A type that is not known here
 * may be a kind of person: it is asked for by id, as one that is missing.
 */
const kinds: ReadonlyMap<string, MemberKind> = new Map([
  ['#microsoft.graph.user', 'user'],
  ['#microsoft.graph.group', 'group'],
  ['#microsoft.graph.device', 'other'],
  ['#microsoft.graph.serviceprincipal', 'other'],
  ['#microsoft.graph.orgcontact', 'other'],
]);

export const kindOf = (type: unknown): MemberKind | undefined =>
  typeof type === 'string' ? kinds.get(type.toLowerCase()) : undefined;

/** Longer than Entra allows (256), so that no answer makes an event of any size. */
const LONGEST_NAME = 1_024;

/** Shown to people and decided by nobody: a name that is none is not mentioned, and stops nothing. */
const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? attributeText(value.slice(0, LONGEST_NAME)) : undefined;

/** Left: the field that is not what the documentation promises. */
export const decodeGroup = (item: Item): E.Either<string, NamedGroup | GroupRemoved> => {
  const decoded = GroupItem.decode(item);
  if (E.isLeft(decoded)) return E.left(refusedField(decoded.left));
  const { id: groupId, '@removed': mark, displayName, 'members@delta': members } = decoded.right;
  if (mark !== undefined && mark !== null) {
    return E.right({ _tag: 'GroupRemoved', groupId, reason: removalReason(mark) });
  }
  return E.right({
    _tag: 'GroupNamed',
    groupId,
    name: nameOf(displayName),
    members: (members ?? []).map((member) => ({
      memberId: member.id,
      kind: kindOf(member['@odata.type']),
      present: member['@removed'] === undefined || member['@removed'] === null,
    })),
  });
};
