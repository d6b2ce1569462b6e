import type { EventData, JSONEventType, RecordedEvent } from '@eventstore/db-client';
import type * as E from 'fp-ts/lib/Either.js';

/** An event on its way, and an event as it stands: the client's own forms. */
export type WireEvent = EventData<JSONEventType>;
export type WireRecord = RecordedEvent;

/** Why an append was not confirmed. */
export type Unconfirmed =
  /** The server said so: the stream is not at the expected revision, which may be the work of an earlier attempt. */
  | { readonly _tag: 'WrongVersion'; readonly cause: unknown }
  /** Anything else, refusals included: the events may stand or not. */
  | { readonly _tag: 'Unknown'; readonly cause: unknown };

export type ReadRequest = {
  readonly stream: string;
  /** Inclusive. `end` is the last event, for reads backwards. */
  readonly from: bigint | 'end';
  readonly backwards: boolean;
  readonly count: number;
  /** Any of them ends the read, which rejects with its reason. */
  readonly signals: ReadonlyArray<AbortSignal>;
};

/**
 * The few calls this package makes of a client library: another one takes its place behind this. Every call is answered
 * within the time of the patience it was opened with, and by the leader: what a follower lacks must not look unwritten.
 */
export type LogClient = {
  /** Resolves with the revision of the last event as the server counts it. Never rejects. */
  readonly append: (
    stream: string,
    expected: bigint | 'no-stream',
    events: ReadonlyArray<WireEvent>,
  ) => Promise<E.Either<Unconfirmed, bigint>>;
  /** All events asked for that exist: an absent stream has none. Rejects when the answer does not come to its end. */
  readonly read: (request: ReadRequest) => Promise<ReadonlyArray<WireRecord>>;
  /**
   * What is appended behind `after`, as it comes. Ends when the signal aborts, rejects when the subscription is dropped,
   * and ends when nothing came for `quietMs`.
   */
  readonly subscribe: (
    stream: string,
    after: bigint | 'start',
    signal: AbortSignal,
  ) => AsyncIterable<ReadonlyArray<WireRecord>>;
  /** Whether a failure is a refusal that does not change by waiting, such as a wrong password. */
  readonly isFinal: (cause: unknown) => boolean;
  /** To be called once by each who opened it. */
  readonly close: () => Promise<void>;
};
