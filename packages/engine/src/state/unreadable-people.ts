import type { DirectoryEventType, ObjectId } from '@learnamp/directory-sync-domain';
import { asUnreadable, isOfDirectory, makesGood } from '@learnamp/directory-sync-domain';
import type { Envelope } from './fold-events.js';
import type { RowBuffer } from './row-buffer.js';
import { tables } from './tables.js';

/** The event of a person that could not be read, and is not made good yet; of several the one that is hardest to make good. */
export type Unreadable = { readonly revision: string; readonly type: DirectoryEventType };

/** What only an erasure makes good outlasts what a profile read anew does, whichever of them came last. */
const graver = (before: Unreadable | undefined, now: Unreadable): Unreadable =>
  before === undefined || isOfDirectory(before.type) ? now : before;

/** Notes whom a batch leaves parked, and whose state is whole again. Returns those for whom that changed. */
export const stageUnreadable = (buffer: RowBuffer, events: ReadonlyArray<Envelope>): ReadonlyArray<ObjectId> => {
  const changed: ObjectId[] = [];
  for (const event of events) {
    const placeholder = asUnreadable(event);
    if (placeholder !== undefined) {
      const { userId, of } = placeholder.data;
      const unreadable: Unreadable = { revision: event.revision.toString(), type: of };
      buffer.put(
        tables.unreadable,
        userId,
        graver(buffer.get(tables.unreadable, userId) as Unreadable | undefined, unreadable),
      );
      changed.push(userId);
    } else if (event.type === 'UserJoinedGroup' || event.type === 'PersonErased') {
      const { userId } = event.data;
      const before = buffer.get(tables.unreadable, userId) as Unreadable | undefined;
      if (before === undefined || makesGood(event, before.type) === undefined) continue;
      buffer.remove(tables.unreadable, userId);
      changed.push(userId);
    }
  }
  return changed;
};
