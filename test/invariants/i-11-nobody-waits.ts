import { commandOf, dataOf, itemsOf, metaOf, textAt, textOf, unansweredOf } from './event-data.js';
import { type Invariant, wrongIf } from './invariant.js';

const answersOf = new Set(['CommandSucceeded', 'CommandRejected']);

/** One subject that fails delays nobody: a cycle that calls itself complete left no other command without an answer. */
export const nobodyWaits: Invariant = {
  id: 'I-11',
  says: 'a subject that fails delays nobody else',
  watch: () => {
    let open = new Map<string, string>();
    let cycle = '';
    return {
      onEvent: (event) => {
        const now = metaOf(event).correlationId ?? '';
        if (event.type === 'CommandsDispatched') {
          if (now !== cycle) open = new Map();
          cycle = now;
          for (const { commandId, subject } of itemsOf(event)) open.set(commandId, subject);
        }
        if (answersOf.has(event.type)) open.delete(textAt(event, 'commandId'));
        const refused = event.type === 'CommandRejected' ? commandOf(event)?.userId : undefined;
        const about = refused ?? textOf(dataOf(event)['userId']);
        // What was seen, waits, or was refused settles whatever was sent for that person: what comes after it is not tried.
        if (event.type === 'LearnAmpUserObserved' || event.type === 'CommandDeferred' || refused !== undefined)
          for (const [id, subject] of open) if (subject === about) open.delete(id);
        if (event.type === 'CommandRejected' && commandOf(event)?.kind === 'EnsureTeam') open.clear();
        // Told by name to have no answer, and looked up by the next cycle.
        for (const { subject } of unansweredOf(event))
          for (const [id, waiting] of open) if (waiting === subject) open.delete(id);
        if (event.type !== 'SyncCompleted' || now !== cycle || open.size === 0) return [];
        const [first] = [...open.values()];
        open = new Map();
        return wrongIf(true, `the cycle is complete, and a command for ${first ?? ''} has no answer`);
      },
    };
  },
};
