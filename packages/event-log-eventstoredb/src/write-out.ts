import { DuplicateEventId, recordText } from '@learnamp/directory-sync-event-sourcing';
import type { AppendFailure, RecordText, RecordToAppend } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';

/** What one append holds at most. The server refuses appends above 1 MiB unless it is told otherwise. */
export const LARGEST_APPEND = { records: 500, bytes: 512 * 1024 };

/** An event of 64 KiB of data, with its envelope. */
const LARGEST_RECORD = 68 * 1024;

/** Hash, revision, and the names of the fields that go along with the metadata. */
const ENVELOPE = 256;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const sizeOf = ({ dataText, metadataText, record }: RecordText): number =>
  Buffer.byteLength(dataText) + Buffer.byteLength(metadataText) + record.type.length + ENVELOPE;

const tooLarge = (limit: string): E.Either<AppendFailure, never> => E.left({ _tag: 'BatchTooLarge', limit });

/**
 * Writes an append out as text, or refuses it for its size. Throws for ids the server would not give back as they are:
 * it keeps UUIDs, in lower case; and for an id that stands in the batch twice.
 */
export const writeOut = (
  stream: string,
  records: ReadonlyArray<RecordToAppend>,
): E.Either<AppendFailure, ReadonlyArray<RecordText>> => {
  if (records.length > LARGEST_APPEND.records) return tooLarge(`${LARGEST_APPEND.records} records`);
  if (records.some(({ id }) => !ID.test(id)))
    throw new TypeError('EventStoreDB takes UUIDs in lower case as event ids.');
  if (new Set(records.map(({ id }) => id)).size < records.length) throw new DuplicateEventId(stream);
  const texts = records.map(recordText);
  const sizes = texts.map(sizeOf);
  if (sizes.some((size) => size > LARGEST_RECORD)) return tooLarge(`${LARGEST_RECORD} bytes in one event`);
  return sizes.reduce((sum, size) => sum + size, 0) > LARGEST_APPEND.bytes
    ? tooLarge(`${LARGEST_APPEND.bytes} bytes`)
    : E.right(texts);
};
