import type { EventView } from '@learnamp/directory-sync';
import { attributeOf, dataOf, metaOf, textAt, textOf } from './event-data.js';
import { type Invariant, wrongIf, type Wrong } from './invariant.js';
import type { Ledger } from './ledger.js';

const saysNothingNew = (event: EventView, before: Ledger): boolean => {
  const data = dataOf(event);
  const [groupId, memberId] = [textAt(event, 'groupId'), textAt(event, 'memberId')];
  const person = before.people.get(textAt(event, 'userId'));
  switch (event.type) {
    case 'GroupMemberAdded':
      return before.members.get(groupId)?.get(memberId) === textAt(event, 'kind');
    case 'GroupMemberRemoved':
      return before.members.get(groupId)?.has(memberId) !== true;
    case 'GroupNameChanged':
      return dataOf(event)['from'] === dataOf(event)['to'];
    case 'GroupDeleted':
      return before.deletedGroups.has(groupId);
    case 'GroupRestored':
      return !before.deletedGroups.has(groupId);
    case 'UserJoinedGroup':
      return person?.inScope === true;
    case 'UserLeftGroup':
      return person?.inScope !== true;
    case 'AccountBlocked':
    case 'AccountUnblocked':
      return person?.blocked === (event.type === 'AccountBlocked');
    case 'ManagerAssigned':
      return person?.manager === data['managerId'];
    case 'ManagerUnassigned':
      return person?.manager === null;
    default:
      return false;
  }
};

/** A change tells of a value that was not there, and what it replaces is what was there. */
const ofAttribute = (event: EventView, before: Ledger): ReadonlyArray<Wrong> => {
  const attribute = attributeOf(event);
  const person = before.people.get(textAt(event, 'userId'));
  if (attribute === undefined || person?.inScope !== true) return [];
  const { from, to } = dataOf(event);
  const known = person.attributes.get(attribute) ?? null;
  return [
    ...wrongIf(to === known, `${event.type} tells what was known`),
    ...wrongIf((textOf(from) ?? null) !== known, `${event.type} replaces a value that was not there`),
  ];
};

/** The delta token moves only together with the events of its page, and the same page again adds none. */
export const cursor: Invariant = {
  id: 'I-04',
  says: 'a cursor moves with the events of its page, and the same page again adds nothing',
  watch: () => {
    const passed = new Set<string>();
    return {
      onEvent: (event, before) => {
        const requestId = metaOf(event).graphRequestId;
        const fact =
          event.type.startsWith('Group') || event.type.startsWith('User') || attributeOf(event) !== undefined;
        const late = fact && requestId !== undefined && passed.has(requestId);
        if (event.type === 'DeltaCursorMoved' && requestId !== undefined) passed.add(requestId);
        if (event.erased === true) return [];
        return [
          ...wrongIf(
            saysNothingNew(event, before),
            `${event.type} of ${metaOf(event).subjects.join(' and ')} says nothing new`,
          ),
          ...ofAttribute(event, before),
          ...wrongIf(late, `${event.type} comes behind the cursor of its page`),
        ];
      },
    };
  },
};
