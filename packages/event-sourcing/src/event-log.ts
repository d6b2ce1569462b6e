import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Head, RecordToAppend, Revision, StoredRecord } from './envelope.js';

/** What the writer believes about the stream. A `bigint` is the revision of its last record; -1, the revision of `genesis`, says `no-stream`. */
export type ExpectedRevision = Revision | 'no-stream' | 'stream-exists' | 'any';

export type AppendFailure =
  | { readonly _tag: 'RevisionConflict'; readonly expected: ExpectedRevision; readonly actual: Revision | undefined }
  | { readonly _tag: 'BatchTooLarge'; readonly limit: string }
  | { readonly _tag: 'LogUnavailable'; readonly cause: unknown };

export type ReadFailure = { readonly _tag: 'LogUnavailable'; readonly cause: unknown };

export type Appended = { readonly records: ReadonlyArray<StoredRecord>; readonly head: Head };

export type PageOptions = {
  /** First revision of the page: inclusive in both directions. Default: the beginning (forwards) or the head (backwards). */
  readonly from?: Revision | undefined;
  /** Last revision to read, inclusive. */
  readonly to?: Revision | undefined;
  readonly direction?: 'forwards' | 'backwards' | undefined;
  /** Records a page at most. Default 1,000, at most 4,096. */
  readonly size?: number | undefined;
  /** An abort makes the read reject with the signal's reason: a part is never taken for the whole. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * An append-only log of many streams. Invariants every adapter keeps, held by the conformance suite:
 * revisions of a stream are gapless from 0 in commit order; an append is all or nothing and durable before it resolves;
 * each record's hash covers its predecessor's (log-format, "Chain"); the same records appended again at the same expected
 * revision after a lost answer are recognised by their ids and not written twice.
 *
 * Reads reject with a `LogFailure` error that carries a `ReadFailure`.
 */
export interface EventLog {
  /**
   * Chains and appends. An empty list resolves with the present head (`genesis` where there is none) and writes nothing.
   * Records that are recognised from an append before resolve as they did then: `head` is the last of them, also when
   * others have appended behind it. An id that stands elsewhere in the stream is a mistake of the caller: logs that can
   * tell reject with a `DuplicateEventId` and write nothing.
   */
  readonly append: (
    stream: string,
    expected: ExpectedRevision,
    records: ReadonlyArray<RecordToAppend>,
  ) => TE.TaskEither<AppendFailure, Appended>;
  readonly head: (stream: string) => TE.TaskEither<ReadFailure, Head | undefined>;
  readonly pages: (stream: string, options?: PageOptions) => AsyncIterable<ReadonlyArray<StoredRecord>>;
  /** The records about one subject, through an index, in the order of revisions. */
  readonly pagesBySubject: (
    stream: string,
    subject: string,
    options?: PageOptions,
  ) => AsyncIterable<ReadonlyArray<StoredRecord>>;
  /** Catches up from `from` and goes on live until the signal aborts; then it ends without an error. */
  readonly follow: (
    stream: string,
    options: { readonly from?: Revision | undefined; readonly signal: AbortSignal },
  ) => AsyncIterable<ReadonlyArray<StoredRecord>>;
  readonly close: () => Promise<void>;
}

/** Thrown by a log's async iterables. */
export class LogFailure extends Error {
  readonly failure: ReadFailure;
  constructor(failure: ReadFailure) {
    super('The event log could not be read.', { cause: failure.cause });
    this.name = 'LogFailure';
    this.failure = failure;
  }
}
