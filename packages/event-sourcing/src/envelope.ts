import type { DomainEvent } from './event-definition.js';

/** Position of an event in its stream, from 0. Text outside the process, never a `number`. */
export type Revision = bigint;

/** What the log keeps beside an event's data (log-format, "Envelope"). `hash` chains the record to its predecessor. */
export type EventMetadata = {
  /** Object ids the event is about, in clear. */
  readonly subjects: ReadonlyArray<string>;
  /** The key that sealed the data or its sealed fields. */
  readonly keyId?: string | undefined;
  /** The engine's fencing number. */
  readonly epoch?: number | undefined;
  /** One sync cycle, or one administrative action. */
  readonly correlationId: string;
  /** The event, request or command that led to this one. */
  readonly causationId: string;
  readonly actor?: string | undefined;
  /** `request-id` of the Microsoft Graph answer that said so. */
  readonly graphRequestId?: string | undefined;
  readonly hash: string;
};

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json };

/** A record exactly as a log stores it: data sealed, hash set. */
export type StoredRecord = {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly revision: Revision;
  readonly recordedAt: string;
  readonly data: Json;
  readonly metadata: EventMetadata;
};

/** A record on its way into a log: the log gives it its revision and its hash. */
export type RecordToAppend = Omit<StoredRecord, 'revision' | 'metadata'> & {
  readonly metadata: Omit<EventMetadata, 'hash'>;
};

/** The last record of a stream: where the next one is chained. */
export type Head = { readonly revision: Revision; readonly hash: string };

/** A decoded event at its definition's current version. Distributive, so `switch (event.type)` narrows `event.data`. */
export type EventEnvelope<Ev extends DomainEvent = DomainEvent> = Ev extends DomainEvent
  ? {
      readonly id: string;
      readonly stream: string;
      readonly type: Ev['type'];
      readonly data: Ev['data'];
      readonly schemaVersion: number;
      readonly revision: Revision;
      readonly recordedAt: string;
      readonly metadata: EventMetadata;
      /** True when the owner's key was destroyed and `data` is the definition's fallback. */
      readonly erased: boolean;
    }
  : never;
