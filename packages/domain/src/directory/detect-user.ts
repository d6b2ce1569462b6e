import { standardAttributes } from '../attributes.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { ManagerMention, UserObservation, UserObserved } from '../observations.js';
import { attributeEvents, type DirectoryPerson } from './directory-person.js';

const isStandard = (name: string): name is (typeof standardAttributes)[number] =>
  (standardAttributes as ReadonlyArray<string>).includes(name);

/** The user principal name of a deleted account: its own id without dashes, then the old name (graph.md 1.5). */
const isDeletedAccountName = (userId: string, name: string): boolean =>
  name.toLowerCase().startsWith(userId.replaceAll('-', ''));

/** An entry without any name is "limited information" for a reader without permission, not a person whose fields were emptied. */
const saysNothing = (seen: UserObserved): boolean =>
  'userPrincipalName' in seen.attributes &&
  seen.attributes.userPrincipalName === null &&
  (seen.attributes.displayName ?? null) === null;

const managerEvents = (known: DirectoryPerson, mention: ManagerMention): ReadonlyArray<DirectoryEvent> => {
  if (mention._tag === 'NotMentioned') return [];
  const { userId } = known;
  const from = known.managerId ?? null;
  const assign = (managerId: NonNullable<typeof from>): ReadonlyArray<DirectoryEvent> =>
    managerId === from ? [] : [{ type: 'ManagerAssigned', data: { userId, managerId, from } }];
  const unassign = (): ReadonlyArray<DirectoryEvent> =>
    from === null ? [] : [{ type: 'ManagerUnassigned', data: { userId, from } }];
  if (mention._tag === 'Known') return mention.managerId === null ? unassign() : assign(mention.managerId);
  if (mention.assigned !== undefined) return assign(mention.assigned);
  return from !== null && mention.removed.includes(from) ? unassign() : [];
};

const attributeChanges = (
  known: DirectoryPerson,
  seen: UserObserved,
  tracked: ReadonlyArray<string>,
): ReadonlyArray<DirectoryEvent> =>
  tracked.flatMap((attribute): ReadonlyArray<DirectoryEvent> => {
    const mentioned = attribute in seen.attributes;
    if (!mentioned && !seen.complete) return [];
    const from = known.attributes[attribute] ?? null;
    const to = mentioned ? (seen.attributes[attribute] ?? null) : null;
    if (from === to) return [];
    const { userId } = known;
    return isStandard(attribute)
      ? [{ type: attributeEvents[attribute], data: { userId, from, to } }]
      : [{ type: 'CustomAttributeChanged', data: { userId, attribute, from, to } }];
  });

/**
 * What is new in what Graph said about one person. Nothing for people who were never in scope; of people who left only
 * deletion and restoring (design D12). Saying the same again gives nothing: that is the deduplication.
 *
 * @param tracked the attributes that were selected: the standard ones and those the preferences name
 */
export const detectUser = (
  known: DirectoryPerson,
  seen: UserObservation,
  tracked: ReadonlyArray<string>,
): ReadonlyArray<DirectoryEvent> => {
  if (!known.everInScope) return [];
  const { userId } = known;
  if (seen._tag === 'UserRemoved') {
    const already = known.deleted === seen.reason || known.deleted === 'permanent';
    return already ? [] : [{ type: 'UserDeleted', data: { userId, reason: seen.reason } }];
  }
  if (saysNothing(seen)) return [];
  if (known.deleted !== undefined) {
    const name = seen.attributes.userPrincipalName ?? null;
    return name === null || isDeletedAccountName(userId, name) ? [] : [{ type: 'UserRestored', data: { userId } }];
  }
  if (!known.inScope) return [];
  const blocked: ReadonlyArray<DirectoryEvent> =
    seen.accountEnabled === undefined || seen.accountEnabled === known.accountEnabled
      ? []
      : [{ type: seen.accountEnabled ? 'AccountUnblocked' : 'AccountBlocked', data: { userId } }];
  return [...attributeChanges(known, seen, tracked), ...blocked, ...managerEvents(known, seen.manager)];
};
