import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import { soleSubject } from '@learnamp/directory-sync-domain';
import type {
  DecodeFailure,
  EventEnvelope,
  EventStream,
  Head,
  StoredRecord,
} from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { decodeError, logError } from '../failure.js';

type Envelope = EventEnvelope<DirectoryEvent>;

/** The person that is parked over a failure, where it is one person's alone. */
const parkedOver = (failure: DecodeFailure): string | undefined =>
  failure._tag === 'InvalidData' ? soleSubject(failure.record.type, failure.record.metadata.subjects) : undefined;

/** Whether nothing is folded beyond a record that cannot be read: what it says may concern anybody. */
export const stops = (failure: DecodeFailure): boolean => parkedOver(failure) === undefined;

/** In the place of an event that cannot be read, and concerns one person alone (`EventUnreadable`). */
const placeholder = (stream: string, record: StoredRecord, userId: string): Envelope =>
  ({
    id: record.id,
    stream,
    type: 'EventUnreadable',
    data: { userId, of: record.type },
    schemaVersion: record.schemaVersion,
    revision: record.revision,
    recordedAt: record.recordedAt,
    metadata: record.metadata,
    erased: false,
    // No event of the log has this type: the folds that do not look for it pass it over.
  }) as unknown as Envelope;

/** What is folded in the place of a record that cannot be read; `undefined` where nothing is folded beyond it. */
export const inPlaceOf = (stream: string, failure: DecodeFailure): Envelope | undefined => {
  const userId = parkedOver(failure);
  return userId === undefined ? undefined : placeholder(stream, failure.record, userId);
};

type Page = { readonly events: ReadonlyArray<Envelope>; readonly head: Head };

/**
 * The events of a stream from a revision on, page by page. Anything that cannot be read stops with its revision, after what
 * lies before it; but for data of one person alone, in whose place stands an `EventUnreadable`.
 */
export async function* readStream(stream: EventStream<DirectoryEvent>, from: bigint): AsyncGenerator<Page> {
  try {
    for await (const page of stream.pages({ from })) {
      const events: Envelope[] = [];
      let head: Head | undefined;
      let failure: DecodeFailure | undefined;
      for (const read of page) {
        const instead = read._tag === 'Failed' ? inPlaceOf(stream.name, read.failure) : undefined;
        if (read._tag === 'Failed' && instead === undefined) {
          failure = read.failure;
          break;
        }
        const record = read._tag === 'Failed' ? read.failure.record : read.record;
        head = { revision: record.revision, hash: record.metadata.hash };
        if (read._tag === 'Event') events.push(read.event);
        if (instead !== undefined) events.push(instead);
      }
      if (head !== undefined) yield { events, head };
      if (failure !== undefined) throw decodeError(failure);
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
}
