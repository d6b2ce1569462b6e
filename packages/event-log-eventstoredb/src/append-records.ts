/**
 * An append over a server whose answer may be lost. It guarantees:
 *
 * - What is sent is chained to a record and expects exactly that record's revision, whatever the caller expected: so it
 *   stands right behind it or nowhere, also when it arrives late.
 * - A rejection other than a wrong version says nothing about what happened. The stream is read again, and the events are
 *   looked for where they can stand, before anything else is sent or answered; a wrong version may be the doing of an
 *   attempt whose answer was lost, and is looked at in the same way.
 * - Half a batch, which a call that broke off may leave, is completed: its other half is sent behind it.
 * - The server recognises a batch by its ids alone. Here it is recognised by its hashes, before it is sent, so other
 *   data under known ids is a conflict.
 */
import { chainTexts, expectationHolds, genesis, isSameAppend } from '@learnamp/directory-sync-event-sourcing';
import type {
  AppendFailure,
  Appended,
  ExpectedRevision,
  Head,
  RecordText,
  StoredRecord,
} from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { makeBoundedMap } from './bounded-map.js';
import type { LogClient } from './log-client.js';
import { makePauses } from './patience.js';
import type { Patience } from './patience.js';
import { headOf } from './read-records.js';
import type { RecordReads } from './read-records.js';
import { toWire } from './wire-records.js';

export type Batch = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one. */
  readonly texts: ReadonlyArray<RecordText>;
};

type Answer = E.Either<AppendFailure, Appended>;

/** What one attempt came to: an answer, or a reason to look again. */
type Outcome = Answer | { readonly _tag: 'Again'; readonly cause: unknown };

/** The numbering of a stream that was deleted on the server goes on where it ended, and the chain with it does not. */
class StreamWasDeleted extends Error {
  constructor(stream: string) {
    super(
      `The stream ${stream} was deleted or truncated on the server: its numbering does not begin where its chain does.`,
    );
    this.name = 'StreamWasDeleted';
  }
}

type Send = (batch: Batch, head: Head | undefined) => Promise<Outcome>;

/** What stands of a batch, and what does not: a beginning counts only at the end of the stream, where the rest can follow. */
type Standing = { readonly records: ReadonlyArray<StoredRecord>; readonly rest: ReadonlyArray<RecordText> };

const STREAMS_REMEMBERED = 10_000;
const APPENDS_REMEMBERED = 10_000;

const isExact = (expected: ExpectedRevision): expected is bigint | 'no-stream' =>
  expected !== 'any' && expected !== 'stream-exists';

const appendedAs = (records: ReadonlyArray<StoredRecord>): Answer =>
  E.right({ records, head: headOf(records.at(-1)) ?? genesis });

/** Appends of one stream must not run side by side. */
export const makeAppends = (
  client: LogClient,
  reads: RecordReads,
  patience: Patience,
): ((batch: Batch) => Promise<Answer>) => {
  /** Newest known heads. One that is too old costs an attempt, never a wrong record. */
  const heads = makeBoundedMap<string, Head>(STREAMS_REMEMBERED);
  /** By the id of its first event: where a batch was sent to. Only there can it stand. */
  const places = makeBoundedMap<string, ReadonlyArray<bigint>>(APPENDS_REMEMBERED);

  const headFor = async ({ stream, expected }: Batch): Promise<Head | undefined> => {
    const known = heads.get(stream);
    if (known !== undefined && expectationHolds(expected, known)) return known;
    const head = await reads.head(stream);
    if (head !== undefined) heads.set(stream, head);
    return head;
  };

  const candidates = ({ expected, texts }: Batch): ReadonlyArray<bigint> => {
    if (expected === 'no-stream') return [0n];
    return isExact(expected) ? [expected + 1n] : (places.get(texts[0]?.record.id ?? '') ?? []);
  };

  const standingAt = async (batch: Batch, place: bigint, head: Head): Promise<Standing | undefined> => {
    const { stream, expected, texts } = batch;
    const high = place + BigInt(texts.length) - 1n;
    const range = { low: place === 0n ? 0n : place - 1n, high, backwards: false, size: texts.length + 1 };
    const around = await reads.page(stream, range);
    const before = headOf(around.find(({ revision }) => revision === place - 1n));
    const records = around.filter(({ revision }) => revision >= place);
    const proposed = texts.slice(0, records.length).map(({ record }) => record);
    if (records.length === 0 || !isSameAppend(expected, proposed, { before, records })) return undefined;
    const rest = texts.slice(records.length);
    return rest.length === 0 || headOf(records.at(-1))?.revision === head.revision ? { records, rest } : undefined;
  };

  const recognise = async (batch: Batch, head: Head | undefined): Promise<Standing | undefined> => {
    for (const place of candidates(batch)) {
      if (head === undefined || place > head.revision) continue;
      const standing = await standingAt(batch, place, head);
      if (standing !== undefined) return standing;
    }
    return undefined;
  };

  const send: Send = async ({ stream, texts }, head) => {
    const chained = chainTexts(head, texts);
    const first = texts[0]?.record.id ?? '';
    const place = (head ?? genesis).revision + 1n;
    places.set(first, [...new Set([...(places.get(first) ?? []), place])]);
    const sent = await client.append(stream, head?.revision ?? 'no-stream', chained.map(toWire));
    heads.delete(stream);
    if (E.isLeft(sent)) return { _tag: 'Again', cause: sent.left.cause };
    const records = chained.map(({ record }) => record);
    const newest = headOf(records.at(-1)) ?? genesis;
    if (sent.right !== newest.revision) return E.left({ _tag: 'LogUnavailable', cause: new StreamWasDeleted(stream) });
    heads.set(stream, newest);
    return appendedAs(records);
  };

  /** Looks what is so already, and sends only when nothing is and the expectation is true. */
  const attempt = async (batch: Batch, sendWhenFree: Send, sentBefore: boolean): Promise<Outcome> => {
    const head = await headFor(batch);
    const standing = await recognise(batch, head);
    // A beginning that nobody sent just now belongs to another batch that began alike: then the expectation decides.
    if (standing !== undefined && (sentBefore || standing.rest.length === 0)) {
      const { records, rest } = standing;
      if (rest.length === 0) return appendedAs(records);
      const outcome = await sendWhenFree({ ...batch, texts: rest }, head);
      return outcome._tag === 'Right' ? appendedAs([...records, ...outcome.right.records]) : outcome;
    }
    return expectationHolds(batch.expected, head)
      ? sendWhenFree(batch, head)
      : E.left({ _tag: 'RevisionConflict', expected: batch.expected, actual: head?.revision });
  };

  const undertake = async (batch: Batch): Promise<Answer> => {
    const pauses = makePauses(patience, patience.retryMs);
    for (let sent = false; ; sent = true) {
      const outcome = await attempt(batch, send, sent);
      if (outcome._tag !== 'Again') return outcome;
      const unavailable: Answer = E.left({ _tag: 'LogUnavailable', cause: outcome.cause });
      if (pauses.isOver() || client.isFinal(outcome.cause)) {
        const last = await attempt(batch, () => Promise.resolve(unavailable), true);
        return last._tag === 'Again' ? unavailable : last;
      }
      await pauses.pause();
    }
  };

  return async (batch) => {
    try {
      return await undertake(batch);
    } catch (cause) {
      // A read has been patient already: whether an earlier attempt arrived stays open, and the caller asks again.
      return E.left({ _tag: 'LogUnavailable', cause });
    }
  };
};
