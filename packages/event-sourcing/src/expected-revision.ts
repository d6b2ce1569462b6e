import { chainRecords, genesis } from './chain.js';
import type { Head, RecordToAppend, StoredRecord } from './envelope.js';
import type { ExpectedRevision } from './event-log.js';

/** Whether a writer's belief about a stream is true of its head. `-1n`, the revision of `genesis`, says `no-stream`. */
export const expectationHolds = (expected: ExpectedRevision, head: Head | undefined): boolean => {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return head === undefined;
    case 'stream-exists':
      return head !== undefined;
    default:
      return expected === (head ?? genesis).revision;
  }
};

/** Where the first record of a batch was found in the stream, with what stands around it. */
export type Standing = {
  /** The record before the first; `undefined` when the first has revision 0. */
  readonly before: Head | undefined;
  /** As many records from the first on as the batch has, or as there are. */
  readonly records: ReadonlyArray<StoredRecord>;
};

/**
 * Recognises a batch that was appended before and whose answer was lost: the same records, in the same place, under the
 * same expectation. Equal hashes mean equal in every byte. A batch that only shares ids is not recognised.
 */
export const isSameAppend = (
  expected: ExpectedRevision,
  records: ReadonlyArray<RecordToAppend>,
  standing: Standing,
): boolean => {
  if (expected !== 'any' && expected !== 'stream-exists' && !expectationHolds(expected, standing.before)) return false;
  if (records.length !== standing.records.length) return false;
  const again = chainRecords(standing.before, records);
  return again.every((record, index) => record.metadata.hash === standing.records[index]?.metadata.hash);
};

/** The same id twice in one stream: ids are drawn once for each event, so this is a mistake of the caller and throws. */
export class DuplicateEventId extends Error {
  constructor(stream: string, options?: ErrorOptions) {
    super(`An event id was used twice in the stream ${stream}. Nothing of the append was written.`, options);
    this.name = 'DuplicateEventId';
  }
}
