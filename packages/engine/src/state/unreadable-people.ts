import type { DirectoryEventType, ObjectId } from '@learnamp/directory-sync-domain';
import { asUnreadable, makesGood } from '@learnamp/directory-sync-domain';
import type { Envelope } from './fold-events.js';
import type { RowBuffer } from './row-buffer.js';
import { tables } from './tables.js';

/** The last event of a person that could not be read, and is not made good yet. */
export type Unreadable = { readonly revision: string; readonly type: DirectoryEventType };

/** Notes whom a batch leaves parked, and whose state is whole again. Returns those for whom that changed. */
export const stageUnreadable = (buffer: RowBuffer, events: ReadonlyArray<Envelope>): ReadonlyArray<ObjectId> => {
  const changed: ObjectId[] = [];
  for (const event of events) {
    const placeholder = asUnreadable(event);
    if (placeholder !== undefined) {
      const { userId, of } = placeholder.data;
      const unreadable: Unreadable = { revision: event.revision.toString(), type: of };
      buffer.put(tables.unreadable, userId, unreadable);
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
