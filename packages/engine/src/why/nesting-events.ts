import type { DirectoryEvent, ObjectId } from '@learnamp/directory-sync-domain';
import type { EventLog, EventStream } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { logError } from '../failure.js';
import type { NameOf } from './event-words.js';
import { whyEvent } from './person-story.js';
import type { WhyEvent } from './why.js';

type Logged = { readonly log: EventLog; readonly stream: EventStream<DirectoryEvent>; readonly named: NameOf };

/** A group with many members has as many events: the newest so many are looked through. */
const LOOKED_THROUGH = 2_000;

const eventAt = async ({ stream, named }: Logged, revision: bigint, child: ObjectId) => {
  for await (const page of stream.pages({ from: revision, to: revision, size: 1 }))
    for (const read of page)
      if (read._tag === 'Event' && read.event.type === 'GroupMemberAdded')
        return { data: read.event.data, told: whyEvent(read.event, read.record, { userId: child, named }) };
  return undefined;
};

/** Records are looked through as they are stored: only one that names both groups is opened and verified. */
const edgeBetween = async (logged: Logged, parent: ObjectId, child: ObjectId): Promise<WhyEvent | undefined> => {
  const { log, stream } = logged;
  let looked = 0;
  for await (const page of log.pagesBySubject(stream.name, child, { direction: 'backwards', size: 200 }))
    for (const { type, revision, metadata } of page) {
      looked += 1;
      if (type === 'GroupMemberAdded' && metadata.subjects.includes(parent)) {
        const edge = await eventAt(logged, revision, child);
        if (edge?.data.groupId === parent && edge.data.memberId === child) return edge.told;
      }
      if (looked >= LOOKED_THROUGH) return undefined;
    }
  return undefined;
};

/** The newest events that nested each group of a path in the one before it. One that is not found soon is left out. */
export const nestingEvents = async (
  logged: Logged,
  path: ReadonlyArray<ObjectId>,
): Promise<ReadonlyArray<WhyEvent>> => {
  const found: WhyEvent[] = [];
  try {
    for (const [at, child] of path.entries()) {
      const parent = path[at - 1];
      const edge = parent === undefined ? undefined : await edgeBetween(logged, parent, child);
      if (edge !== undefined) found.push(edge);
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
  return found;
};
