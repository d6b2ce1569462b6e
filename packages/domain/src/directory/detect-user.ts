import { standardAttributes } from '../attributes.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ManagerMention, UserObservation, UserObserved } from '../observations.js';
import { isDeletedAccountName } from './deleted-account-name.js';
import { attributeEvents, type DirectoryPerson } from './directory-person.js';
import { isComplete, saysNothing } from './observed-user.js';

type Events = ReadonlyArray<DirectoryEvent>;

const isStandard = (name: string): name is (typeof standardAttributes)[number] =>
  (standardAttributes as ReadonlyArray<string>).includes(name);

const managerEvents = (known: DirectoryPerson, mention: ManagerMention): Events => {
  if (mention._tag === 'NotMentioned') return [];
  const { userId } = known;
  const from = known.managerId ?? null;
  const assign = (managerId: NonNullable<typeof from>): Events =>
    managerId === from ? [] : [{ type: 'ManagerAssigned', data: { userId, managerId, from } }];
  const unassign = (): Events => (from === null ? [] : [{ type: 'ManagerUnassigned', data: { userId, from } }]);
  if (mention._tag === 'Known') return mention.managerId === null ? unassign() : assign(mention.managerId);
  if (mention.assigned !== undefined) return assign(mention.assigned);
  return from !== null && mention.removed.includes(from) ? unassign() : [];
};

const attributeChanges = (known: DirectoryPerson, seen: UserObserved, tracked: ReadonlyArray<string>): Events =>
  tracked.flatMap((attribute): Events => {
    const mentioned = Object.hasOwn(seen.attributes, attribute);
    if (!mentioned && !isComplete(seen)) return [];
    const from = known.attributes[attribute] ?? null;
    const to = mentioned ? (seen.attributes[attribute] ?? null) : null;
    if (from === to) return [];
    const { userId } = known;
    return isStandard(attribute)
      ? [{ type: attributeEvents[attribute], data: { userId, from, to } }]
      : [{ type: 'CustomAttributeChanged', data: { userId, attribute, from, to } }];
  });

const accountChanges = ({ userId, accountEnabled }: DirectoryPerson, seen: UserObserved): Events =>
  seen.accountEnabled === undefined || seen.accountEnabled === accountEnabled
    ? []
    : [{ type: seen.accountEnabled ? 'AccountUnblocked' : 'AccountBlocked', data: { userId } }];

/** An account that was deleted is back when it is seen under an ordinary name; a deleted one may still be shown for a while. */
const restored = ({ userId, deleted }: DirectoryPerson, { attributes }: UserObserved): Events => {
  const name = attributes.userPrincipalName ?? '';
  return deleted === undefined || name === '' || isDeletedAccountName(userId, name)
    ? []
    : [{ type: 'UserRestored', data: { userId } }];
};

/**
 * What is new in what Graph said about one person. Nothing for people who were never in scope; of people who left only
 * deletion and restoring. Saying the same again gives nothing: that is the deduplication.
 *
 * @param tracked the attributes that were selected: the standard ones and those the preferences name
 */
export const detectUser = (known: DirectoryPerson, seen: UserObservation, tracked: ReadonlyArray<string>): Events => {
  if (!known.everInScope) return [];
  const { userId } = known;
  if (seen._tag === 'UserRemoved') {
    const already = known.deleted === seen.reason || known.deleted === 'permanent';
    return already ? [] : [{ type: 'UserDeleted', data: { userId, reason: seen.reason } }];
  }
  if (saysNothing(seen)) return [];
  const back = restored(known, seen);
  // Nothing is learnt from a deleted or erased account; and who left brings the whole profile along when they join again.
  if (!known.inScope || known.erased || (known.deleted !== undefined && back.length === 0)) return back;
  return [
    ...back,
    ...attributeChanges(known, seen, tracked),
    ...accountChanges(known, seen),
    ...managerEvents(known, seen.manager),
  ];
};
