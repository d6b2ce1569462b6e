export { acceptsAsIs } from './accepts-as-is.js';
export type { TextCodec, VariantCodec } from './accepts-as-is.js';
export { makeBoundedCache } from './bounded-cache.js';
export type { BoundedCache } from './bounded-cache.js';
export { canonicalJson } from './canonical-json.js';
export { chainRecords, chainTexts, genesis, recordHash, recordText, verifyChain } from './chain.js';
export type { ChainVerdict, RecordText } from './chain.js';
export { deepFreeze } from './deep-freeze.js';
export { defineEvent } from './event-definition.js';
export type { AnyEventDefinition, DomainEvent, EventDefinition, EventOf, Sealing } from './event-definition.js';
export type { EventEnvelope, EventMetadata, Head, Json, RecordToAppend, Revision, StoredRecord } from './envelope.js';
export { LogFailure } from './event-log.js';
export type { AppendFailure, Appended, EventLog, ExpectedRevision, PageOptions, ReadFailure } from './event-log.js';
export { defineEvents } from './event-registry.js';
export type { EventRegistry, OpaqueDefinition, Recognised } from './event-registry.js';
export type {
  AppendContext,
  DecodeFailure,
  EventStream,
  PendingEvent,
  ReadEvent,
  StreamAppended,
} from './event-stream.js';
export { DuplicateEventId, expectationHolds, isSameAppend } from './expected-revision.js';
export type { Standing } from './expected-revision.js';
export { extended } from './extended.js';
export { foldBatch } from './fold-batch.js';
export type { StateChange } from './fold-batch.js';
export { makeInMemoryProjection } from './in-memory-projection.js';
export type { InMemoryProjection } from './in-memory-projection.js';
export { checkMarks, coalesceMarks, inboxSequence, joinMarks } from './inbox-marks.js';
export type { CoalescedMark } from './inbox-marks.js';
export type { DataKey, KeyLookup, KeyStore, KeyStoreFailure, OwnedKey } from './key-store.js';
export type { LocalCache } from './local-cache.js';
export { localMasterKey } from './master-key.js';
export type { MasterKey } from './master-key.js';
export { makeMemoryCache } from './memory-cache.js';
export { makeMemoryEventLog } from './memory-event-log.js';
export { makeMemoryInbox } from './memory-inbox.js';
export { makeMemoryKeyStore } from './memory-key-store.js';
export { makeMemoryProjections, makeMemoryRows } from './memory-projections.js';
export type { InboxMark, NotificationInbox, PendingMarks } from './notification-inbox.js';
export { openEventStream } from './open-event-stream.js';
export type { EventStreamSettings } from './open-event-stream.js';
export { pageRange, readPages } from './page-range.js';
export type { PageRange } from './page-range.js';
export type { Projection } from './projection.js';
export type {
  BesideRows,
  FoldName,
  FoldStage,
  FoldView,
  ProjectionDatabase,
  ProjectionRows,
  RowChange,
  RowsCheck,
} from './projection-rows.js';
export { ProjectionRowsLost } from './projection-rows-lost.js';
export { compareRevisions, revisionFromText, revisionToText } from './revision.js';
export { runBatch } from './run-batch.js';
export type { ProjectionName, ProjectionStore } from './run-batch.js';
export { scanJson } from './scan-json.js';
export type { JsonLimits } from './scan-json.js';
export { sameHead } from './same-head.js';
export { hmacUnder, isSealed, openSeal, seal, sealingKey } from './sealing.js';
export type { SealContext, Sealed, SealingKey } from './sealing.js';
export { recordsWithTexts } from './stored-texts.js';
export { timeOrderedId } from './time-ordered-id.js';
export { makeWakeup } from './wakeup.js';
export type { Wakeup } from './wakeup.js';
