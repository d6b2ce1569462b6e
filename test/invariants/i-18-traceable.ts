import type { EventView } from '@learnamp/directory-sync';
import { attributeOf, itemsOf, metaOf, textAt } from './event-data.js';
import { type Invariant, wrongIf, type Wrong } from './invariant.js';

const toldByGraph = new Set([
  ...[
    'GroupMemberAdded',
    'GroupMemberRemoved',
    'GroupNameChanged',
    'GroupDeleted',
    'GroupRestored',
    'UserJoinedGroup',
    'LeaveConfirmed',
  ],
  ...['UserDeleted', 'UserRestored', 'AccountBlocked', 'AccountUnblocked', 'ManagerAssigned', 'ManagerUnassigned'],
]);

const isToldByGraph = (event: EventView): boolean => toldByGraph.has(event.type) || attributeOf(event) !== undefined;

/** From each command one can walk to its events, and from each directory event to the answer of Graph that said so. */
export const traceable: Invariant = {
  id: 'I-18',
  says: 'commands lead to events, and events to the answers of Graph',
  watch: () => {
    const answered = new Set<string>();
    let complete = true;
    let open: EventView[] = [];
    const named: { readonly id: string; readonly revision: string }[] = [];

    /** An absence has no answer of its own: it stands with the cursor of the round that came to its end. */
    const ofFact = (event: EventView): ReadonlyArray<Wrong> => {
      const id = metaOf(event).graphRequestId;
      if (id !== undefined) named.push({ id, revision: event.revision });
      if (event.type === 'DeltaCursorMoved') open = [];
      if (isToldByGraph(event)) {
        if (id === undefined) open.push(event);
        return [];
      }
      const left = open;
      open = [];
      return left.flatMap(({ type, revision }) =>
        wrongIf(true, `${type} names no answer of Graph and stands with no cursor`, `revision ${revision}`),
      );
    };

    return {
      onEvent: (event, before) => {
        const { correlationId } = metaOf(event);
        const isReceipt = event.type === 'CommandSucceeded' || event.type === 'CommandRejected';
        return [
          ...wrongIf(correlationId === undefined || correlationId === '', `${event.type} belongs to no cycle`),
          ...wrongIf(
            isReceipt && event.erased !== true && !before.dispatched.has(textAt(event, 'commandId')),
            'a receipt answers a command that was never dispatched',
          ),
          ...itemsOf(event).flatMap(({ subject, kind }) =>
            wrongIf(
              kind !== 'EnsureTeam' && !before.people.has(subject),
              `${kind} for ${subject}, of whom no event tells`,
            ),
          ),
          ...ofFact(event),
        ];
      },
      onLook: ({ requests, requestsLost }) => {
        complete &&= requestsLost !== true;
        for (const request of requests)
          for (const { answerId } of [request, ...request.items]) if (answerId !== undefined) answered.add(answerId);
        return named
          .splice(0)
          .flatMap(({ id, revision }) =>
            wrongIf(complete && !answered.has(id), `${id} is no answer that Graph gave`, `revision ${revision}`),
          );
      },
    };
  },
};
