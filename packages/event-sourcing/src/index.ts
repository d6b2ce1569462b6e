export { defineEvent } from './event-definition.js';
export type { AnyEventDefinition, DomainEvent, EventDefinition, EventOf, Sealing } from './event-definition.js';
export type { EventEnvelope, EventMetadata, Head, Json, RecordToAppend, Revision, StoredRecord } from './envelope.js';
export { LogFailure } from './event-log.js';
export type { AppendFailure, Appended, EventLog, ExpectedRevision, PageOptions, ReadFailure } from './event-log.js';
export type {
  AppendContext,
  DecodeFailure,
  EventStream,
  PendingEvent,
  ReadEvent,
  StreamAppended,
} from './event-stream.js';
export type { DataKey, KeyLookup, KeyStore, KeyStoreFailure } from './key-store.js';
export type { LocalCache } from './local-cache.js';
export type { Projection } from './projection.js';
