import type { DirectoryEvent } from '@learnamp/directory-sync-domain';
import type { Head, ReadEvent, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import { decodeError, logError } from '../failure.js';
import { inPlaceOf } from '../record/read-stream.js';
import type { EngineState } from '../state/engine-state.js';
import type { Envelope } from '../state/fold-events.js';
import type { LogToRead } from './audited-log.js';
import type { Moment, Place } from './moment.js';

/** A record of the log, and the event in it: none where it was erased and leaves nothing to fold, or may be passed over. */
export type ReadRecord = { readonly record: StoredRecord; readonly event: Envelope | undefined };

export type ReadPage = { readonly records: ReadonlyArray<ReadRecord>; readonly head: Head };

export type ReadRange = {
  readonly from?: bigint | undefined;
  /** Inclusive. Default: the head. */
  readonly until?: Moment | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The record behind a moment: with it the moment is over. */
const isBehind = ({ recordedAt }: StoredRecord, until: Moment | undefined): boolean =>
  until !== undefined && 'time' in until && Date.parse(recordedAt) > until.time.getTime();

type Page = ReadonlyArray<ReadEvent<DirectoryEvent>>;

const recordOf = (read: Page[number]): StoredRecord => (read._tag === 'Failed' ? read.failure.record : read.record);

/** The records of a page that belong to the moment, opened; what stops a fold throws, unless it lies behind. */
const opened = (stream: string, page: Page, until: Moment | undefined): ReadonlyArray<ReadRecord> => {
  const records: ReadRecord[] = [];
  for (const read of page) {
    if (isBehind(recordOf(read), until)) break;
    const instead = read._tag === 'Failed' ? inPlaceOf(stream, read.failure) : undefined;
    if (read._tag === 'Failed' && instead === undefined) throw decodeError(read.failure);
    records.push({ record: recordOf(read), event: read._tag === 'Event' ? read.event : instead });
  }
  return records;
};

/**
 * The records of a stream up to a moment, page by page, chain verified and data opened. Whatever cannot be read and may
 * concern anybody stops with the one sentence that names its revision.
 */
export async function* readUntil(stream: LogToRead, { from = 0n, until, signal }: ReadRange): AsyncGenerator<ReadPage> {
  const to = until !== undefined && 'revision' in until ? until.revision : undefined;
  try {
    for await (const page of stream.pages({ from, to, signal })) {
      const records = opened(stream.name, page, until);
      const last = records.at(-1)?.record;
      if (last !== undefined) yield { records, head: { revision: last.revision, hash: last.metadata.hash } };
      if (records.length < page.length) return;
    }
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
}

export const eventsOf = ({ records }: ReadPage): ReadonlyArray<Envelope> =>
  records.flatMap(({ event }) => (event === undefined ? [] : [event]));

export const placeOf = ({ revision, recordedAt, metadata }: StoredRecord): Place => ({
  revision: revision.toString(),
  recordedAt,
  hash: metadata.hash,
});

export type FoldOptions = {
  /** Told what was folded, page by page. */
  readonly onPage?: ((page: ReadPage) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Folds what lies between a state and a moment, in pages; by default up to the head. Resolves with the last record that was
 * folded, `undefined` where there was nothing to fold. The one way in which a past state is made.
 */
export const foldTo = async (
  stream: LogToRead,
  state: EngineState,
  until: Moment | undefined,
  { onPage, signal }: FoldOptions = {},
): Promise<StoredRecord | undefined> => {
  let last: StoredRecord | undefined;
  const from = (state.head()?.revision ?? -1n) + 1n;
  for await (const page of readUntil(stream, { from, until, signal })) {
    state.apply(eventsOf(page), page.head);
    last = page.records.at(-1)?.record;
    onPage?.(page);
  }
  return last;
};
