import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { ObjectId } from '../ids.js';

const nullableText = t.union([t.string, t.null]);

/** A change of one attribute. `from` is `null` where the directory never had a value. */
const changed = <T extends string>(type: T) =>
  defineEvent({
    type,
    data: t.strict({ userId: ObjectId, from: nullableText, to: nullableText }),
    subjects: (data) => [data.userId],
    sealing: { kind: 'owner', owner: (data) => data.userId },
  });

export const DisplayNameChanged = changed('DisplayNameChanged');
export const GivenNameChanged = changed('GivenNameChanged');
export const SurnameChanged = changed('SurnameChanged');
export const UserPrincipalNameChanged = changed('UserPrincipalNameChanged');
export const MailChanged = changed('MailChanged');
export const JobTitleChanged = changed('JobTitleChanged');
export const DepartmentChanged = changed('DepartmentChanged');
export const OfficeLocationChanged = changed('OfficeLocationChanged');
export const PreferredLanguageChanged = changed('PreferredLanguageChanged');
export const HireDateChanged = changed('HireDateChanged');
export const UserTypeChanged = changed('UserTypeChanged');

export const CustomAttributeChanged = defineEvent({
  type: 'CustomAttributeChanged',
  data: t.strict({ userId: ObjectId, attribute: t.string, from: nullableText, to: nullableText }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

/**
 * `from` and `to` are marks: an HMAC of Graph's etag under the person's key. `from` is `null` where there was no photo, as far
 * as was known. The bytes are fetched at delivery and kept nowhere.
 */
export const PhotoChanged = defineEvent({
  type: 'PhotoChanged',
  data: t.strict({ userId: ObjectId, from: nullableText, to: nullableText }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

const aboutPerson = <T extends string>(type: T) =>
  defineEvent({ type, data: t.strict({ userId: ObjectId }), subjects: (data) => [data.userId] });

export const PhotoRemoved = aboutPerson('PhotoRemoved');
export const AccountBlocked = aboutPerson('AccountBlocked');
export const AccountUnblocked = aboutPerson('AccountUnblocked');
export const UserRestored = aboutPerson('UserRestored');

export const UserDeleted = defineEvent({
  type: 'UserDeleted',
  data: t.strict({ userId: ObjectId, reason: t.keyof({ soft: null, permanent: null }) }),
  subjects: (data) => [data.userId],
});

export const ManagerAssigned = defineEvent({
  type: 'ManagerAssigned',
  data: t.strict({ userId: ObjectId, managerId: ObjectId, from: t.union([ObjectId, t.null]) }),
  subjects: (data) => [data.userId, data.managerId],
});

export const ManagerUnassigned = defineEvent({
  type: 'ManagerUnassigned',
  data: t.strict({ userId: ObjectId, from: t.union([ObjectId, t.null]) }),
  subjects: (data) => (data.from === null ? [data.userId] : [data.userId, data.from]),
});

/**
 * The person's keys are destroyed right after it, and at the next start where that was interrupted. `activeBefore` is what
 * the hold counted of the window until now: numbers of active accounts that nobody can count again without those keys.
 */
export const PersonErased = defineEvent({
  type: 'PersonErased',
  data: t.exact(
    t.intersection([
      t.type({ userId: ObjectId, actor: t.string, reason: t.string }),
      t.partial({ activeBefore: t.readonlyArray(t.strict({ at: t.string, active: t.number })) }),
    ]),
  ),
  subjects: (data) => [data.userId],
  sealing: { kind: 'fields', fields: ['actor', 'reason'] },
});
