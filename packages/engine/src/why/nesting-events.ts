import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { EventStream } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { logError } from '../failure.js';
import { whyEvent } from './person-story.js';
import type { WhyEvent } from './why.js';

/** A group with many members has as many events: the newest so many are looked through. */
const LOOKED_THROUGH = 2_000;

const edgeBetween = async (
  stream: EventStream<DirectoryEvent>,
  parent: ObjectId,
  child: ObjectId,
): Promise<WhyEvent | undefined> => {
  let looked = 0;
  for await (const page of stream.pagesBySubject(child, { direction: 'backwards', size: 200 }))
    for (const read of page) {
      looked += 1;
      if (read._tag !== 'Event' || read.event.type !== 'GroupMemberAdded') continue;
      const { event, record } = read;
      if (event.data.groupId === parent && event.data.memberId === child) return whyEvent(event, record, child);
      if (looked >= LOOKED_THROUGH) return undefined;
    }
  return undefined;
};

/** The newest events that nested each group of a path in the one before it. One that is not found soon is left out. */
export const nestingEvents = async (
  stream: EventStream<DirectoryEvent>,
  path: ReadonlyArray<ObjectId>,
): Promise<ReadonlyArray<WhyEvent>> => {
  const found: WhyEvent[] = [];
  try {
    for (const [at, child] of path.entries()) {
      const parent = path[at - 1];
      const edge = parent === undefined ? undefined : await edgeBetween(stream, parent, child);
      if (edge !== undefined) found.push(edge);
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return found;
};
