import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventEnvelope, Head, Revision, StoredRecord } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import type { AppendFailure, ExpectedRevision, PageOptions, ReadFailure } from './event-log.js';
import type { KeyStoreFailure } from './key-store.js';

/** An event to be appended, with what led to it. */
export type PendingEvent<Ev extends DomainEvent> = Ev extends DomainEvent
  ? {
      readonly type: Ev['type'];
      readonly data: Ev['data'];
      readonly graphRequestId?: string | undefined;
      readonly causationId?: string | undefined;
    }
  : never;

/** What all events of one append share. */
export type AppendContext = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly epoch?: number | undefined;
  readonly actor?: string | undefined;
};

export type DecodeFailure =
  | { readonly _tag: 'UnknownEventType'; readonly record: StoredRecord }
  | { readonly _tag: 'FutureSchemaVersion'; readonly record: StoredRecord; readonly known: number }
  | { readonly _tag: 'InvalidData'; readonly record: StoredRecord; readonly errors: ReadonlyArray<string> }
  | { readonly _tag: 'BrokenSeal'; readonly record: StoredRecord }
  | { readonly _tag: 'BrokenChain'; readonly record: StoredRecord }
  /** The key is not in this store and no tombstone says why: `KeyStoreMismatch`, never read as erased. */
  | { readonly _tag: 'KeyMissing'; readonly record: StoredRecord; readonly keyId: string };

/** One record, read. `Passed` is an ignorable event of a future version, or an erased one without a fallback. */
export type ReadEvent<Ev extends DomainEvent> =
  | { readonly _tag: 'Event'; readonly event: EventEnvelope<Ev>; readonly record: StoredRecord }
  | { readonly _tag: 'Passed'; readonly reason: 'ignorable' | 'erased'; readonly record: StoredRecord }
  | { readonly _tag: 'Failed'; readonly failure: DecodeFailure };

export type StreamAppended<Ev extends DomainEvent> = {
  readonly events: ReadonlyArray<EventEnvelope<Ev>>;
  readonly head: Head;
};

/** One stream of typed events: sealed and encoded on the way in, verified, opened, decoded and upcast on the way out. */
export interface EventStream<Ev extends DomainEvent> {
  readonly name: string;
  readonly append: (
    expected: ExpectedRevision,
    events: ReadonlyArray<PendingEvent<Ev>>,
    context: AppendContext,
  ) => TE.TaskEither<AppendFailure | KeyStoreFailure, StreamAppended<Ev>>;
  readonly head: () => TE.TaskEither<ReadFailure, Head | undefined>;
  /** Verifies the chain, in both directions: from the record before the first on (from genesis when it starts at 0). */
  readonly pages: (options?: PageOptions) => AsyncIterable<ReadonlyArray<ReadEvent<Ev>>>;
  readonly pagesBySubject: (subject: string, options?: PageOptions) => AsyncIterable<ReadonlyArray<ReadEvent<Ev>>>;
  readonly follow: (options: {
    readonly from?: Revision | undefined;
    readonly signal: AbortSignal;
  }) => AsyncIterable<ReadonlyArray<ReadEvent<Ev>>>;
}
