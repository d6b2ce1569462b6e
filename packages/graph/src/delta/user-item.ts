import { ObjectId } from '@learnamp/directory-sync-domain';
import type { ManagerMention, UserObservation } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Selection } from '../selected-attributes.js';
import { readAttributes } from './attribute-values.js';
import type { Item } from './attribute-values.js';
import { refusedField } from './decode-failure.js';
import { OptionalRemovedMark, removalReason } from './removed-mark.js';

const text = t.union([t.string, t.null]);

const Reference = t.intersection([t.type({ id: ObjectId }), t.partial({ '@removed': OptionalRemovedMark })]);

/** An entry of `users/delta`, or the body of a direct read. Custom attributes are read by path. */
const UserItem = t.intersection([
  t.type({ id: ObjectId }),
  t.partial({
    '@removed': OptionalRemovedMark,
    displayName: text,
    givenName: text,
    surname: text,
    userPrincipalName: text,
    mail: text,
    jobTitle: text,
    department: text,
    officeLocation: text,
    preferredLanguage: text,
    employeeHireDate: text,
    userType: text,
    accountEnabled: t.union([t.boolean, t.null]),
    'manager@delta': t.union([t.array(Reference), t.null]),
    manager: t.union([t.partial({ id: ObjectId }), t.null]),
  }),
]);
type UserItem = t.TypeOf<typeof UserItem>;

/** The last word on each id counts: within one entry a manager may be named and struck out again. */
const managerEntries = (entries: UserItem['manager@delta']): ManagerMention => {
  const said = new Map<ObjectId, boolean>();
  for (const { id, '@removed': removed } of entries ?? []) {
    said.delete(id);
    said.set(id, removed === undefined || removed === null);
  }
  if (said.size === 0) return { _tag: 'NotMentioned' };
  const ids = [...said.keys()];
  return {
    _tag: 'Entries',
    assigned: ids.filter((id) => said.get(id) === true).at(-1),
    removed: ids.filter((id) => said.get(id) === false),
  };
};

/**
 * `full`: an entry with its principal name lists everything selected. `direct`: likewise, with the manager expanded. `incremental`: what is absent was not mentioned.
 */
export type UserReading = 'incremental' | 'full' | 'direct';

export type ReadUser = {
  readonly observation: UserObservation;
  /**
   * The service let us see that the person exists and nothing else: every person has a principal name, so a null one
   * means a missing permission (https://learn.microsoft.com/graph/permissions-overview). Says nothing about attributes.
   */
  readonly limited: boolean;
};

/** Left: the field that is not what the documentation promises. */
export const decodeUser =
  (selection: Selection, reading: UserReading) =>
  (item: Item): E.Either<string, ReadUser> => {
    const decoded = UserItem.decode(item);
    if (E.isLeft(decoded)) return E.left(refusedField(decoded.left));
    const user = decoded.right;
    const userId = user.id;
    const mark = user['@removed'];
    if (mark !== undefined && mark !== null) {
      return E.right({ observation: { _tag: 'UserRemoved', userId, reason: removalReason(mark) }, limited: false });
    }
    const attributes = readAttributes(item, selection.paths, selection.noText);
    if (E.isLeft(attributes)) return attributes;
    const named = typeof attributes.right['userPrincipalName'] === 'string';
    const limited =
      reading === 'incremental' ? attributes.right['userPrincipalName'] === null : saysNothing(user, named);
    if (limited) {
      const manager: ManagerMention = { _tag: 'NotMentioned' };
      return E.right({
        observation: { _tag: 'UserObserved', userId, attributes: {}, manager, complete: false },
        limited,
      });
    }
    const manager: ManagerMention =
      reading === 'direct'
        ? { _tag: 'Known', managerId: user.manager?.id ?? null }
        : managerEntries(user['manager@delta']);
    const enabled = typeof user.accountEnabled === 'boolean' ? { accountEnabled: user.accountEnabled } : {};
    const complete = reading !== 'incremental' && named;
    return E.right({
      observation: { _tag: 'UserObserved', userId, attributes: attributes.right, ...enabled, manager, complete },
      limited,
    });
  };

/** A null principal name, or in a reading that lists everything an entry without any name and without any state. */
const saysNothing = (user: UserItem, named: boolean): boolean => {
  if (named) return false;
  if (user.userPrincipalName === null) return true;
  return typeof user.displayName !== 'string' && typeof user.accountEnabled !== 'boolean';
};
