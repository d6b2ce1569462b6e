import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { EventEnvelope, EventStream, Head } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { decodeError, logError } from '../failure.js';

/** The events of a stream from a revision on, page by page; anything that cannot be read stops with its revision. */
export async function* readStream(
  stream: EventStream<DirectoryEvent>,
  from: bigint,
): AsyncGenerator<{ readonly events: ReadonlyArray<EventEnvelope<DirectoryEvent>>; readonly head: Head }> {
  try {
    for await (const page of stream.pages({ from })) {
      const events: EventEnvelope<DirectoryEvent>[] = [];
      let head: Head | undefined;
      for (const read of page) {
        if (read._tag === 'Failed') throw decodeError(read.failure);
        head = { revision: read.record.revision, hash: read.record.metadata.hash };
        if (read._tag === 'Event') events.push(read.event);
      }
      if (head !== undefined) yield { events, head };
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
}
