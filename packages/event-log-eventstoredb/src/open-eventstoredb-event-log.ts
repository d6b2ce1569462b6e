import { setMaxListeners } from 'node:events';
import { genesis, LogFailure, readPages } from '@learnamp/directory-sync-event-sourcing';
import type {
  AppendFailure,
  Appended,
  EventLog,
  ProjectionDatabase,
  ReadFailure,
} from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { makeAppends } from './append-records.js';
import { followStream } from './follow-stream.js';
import type { LogClient } from './log-client.js';
import { makeQueues } from './make-queues.js';
import { openClient } from './open-client.js';
import { PATIENCE, withinTime } from './patience.js';
import type { Patience } from './patience.js';
import { makeReads } from './read-records.js';
import { makeSubjectIndex } from './subject-index.js';
import { writeOut } from './write-out.js';

export type EventStoreDbOptions = {
  /** `esdb://user:password@host:port,host:port?tls=true`, or `esdb+discover://` and a name. */
  readonly connectionString: string;
  /** Where the index of subjects is kept: the log is read once from its beginning where that is missing. Not closed by the log. */
  readonly projections: ProjectionDatabase;
  /** `projections` is a snapshot that takes no commits: what its index lacks is read from the log at each question. */
  readonly snapshot?: boolean | undefined;
  /** How long is waited for what; the defaults let a cluster elect a leader. */
  readonly patience?: Partial<Patience> | undefined;
};

/** More than a healthy server ever leaves waiting: further appends are refused at once. */
const APPENDS_WAITING = 10_000;

type Closed = { readonly _tag: 'LogUnavailable'; readonly cause: Error };
const closed: Closed = { _tag: 'LogUnavailable', cause: new Error('The log is closed.') };

const failureOf = (error: unknown): ReadFailure =>
  error instanceof LogFailure ? error.failure : { _tag: 'LogUnavailable', cause: error };

/** The log over a client: whichever library that is made of. */
export const eventLogOver = (
  client: LogClient,
  { projections, snapshot, patience }: Pick<EventStoreDbOptions, 'projections' | 'snapshot'> & { patience: Patience },
): EventLog => {
  const ending = new AbortController();
  // Every read under way listens: Node takes more than ten listeners for a leak.
  setMaxListeners(0, ending.signal);
  const reads = makeReads(client, patience, ending.signal);
  const append = makeAppends(client, reads, patience);
  const subjects = makeSubjectIndex(reads, projections, { keeps: snapshot !== true });
  const queues = makeQueues(APPENDS_WAITING);
  let closing: Promise<void> | undefined;

  /** Failures of the server as a `LogFailure`; an abort keeps its own reason. */
  const reading = async <T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (closing !== undefined) throw new LogFailure(closed);
    try {
      return await read();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new LogFailure(failureOf(error));
    }
  };

  async function* follow(stream: string, options: Parameters<EventLog['follow']>[1]) {
    const signal = AbortSignal.any([options.signal, ending.signal]);
    const pages = followStream(client, reads, { stream, from: options.from ?? 0n, signal }, patience);
    try {
      if (closing === undefined) yield* pages;
    } catch (error) {
      throw new LogFailure(failureOf(error));
    }
    if (!options.signal.aborted) throw new LogFailure(closed);
  }

  /** Whoever closes waits as long as one append is tried, not for as many as wait: these are refused then. */
  const drained = (): Promise<void> =>
    withinTime(queues.drain(), patience.retryMs + patience.callMs).catch(() => undefined);

  return {
    append: (stream, expected, records) => async () => {
      if (closing !== undefined) return E.left(closed);
      const texts = writeOut(stream, records);
      if (E.isLeft(texts)) return texts;
      if (queues.isFull()) return E.left({ _tag: 'LogUnavailable', cause: new Error('Too many appends wait.') });
      return queues.run(stream, async (): Promise<E.Either<AppendFailure, Appended>> => {
        if (ending.signal.aborted) return E.left(closed);
        if (texts.right.length > 0) return append({ stream, expected, texts: texts.right });
        try {
          return E.right({ records: [], head: (await reads.head(stream)) ?? genesis });
        } catch (cause) {
          return E.left({ _tag: 'LogUnavailable', cause });
        }
      });
    },
    head: (stream) => async () => {
      try {
        return E.right(await reading(() => reads.head(stream)));
      } catch (error) {
        return E.left(failureOf(error));
      }
    },
    pages: (stream, options) =>
      readPages((range) => reading(() => reads.page(stream, range, options?.signal), options?.signal), options),
    pagesBySubject: (stream, subject, options) =>
      readPages((range) => reading(() => subjects.page(stream, subject, range)), options),
    follow,
    close: () => {
      closing ??= drained().then(() => {
        ending.abort(closed.cause);
        return client.close();
      });
      return closing;
    },
  };
};

/**
 * Opens an event log in EventStoreDB, with many streams and safe for several processes at once. Connects at the first
 * call. An append resolves once the leader has acknowledged it; one that is not answered is looked for before it is sent
 * again, so no record is lost or written twice.
 *
 * - At most 500 records and 512 KiB in one append, and 64 KiB of data in one record: more is `BatchTooLarge`.
 * - Ids are UUIDs in lower case; an id that stands elsewhere in the stream is not noticed.
 * - A batch that expects `any` or `stream-exists` is recognised only by the log that sent it first.
 *
 * Throws an `EventStoreDbConnectionRefused` whose message names no part of the connection string.
 *
 * @example
 * const log = openEventStoreDbEventLog({ connectionString: 'esdb://admin:changeit@localhost:2113?tls=true', projections });
 */
export const openEventStoreDbEventLog = (options: EventStoreDbOptions): EventLog => {
  const patience: Patience = { ...PATIENCE, ...options.patience };
  return eventLogOver(openClient(options.connectionString, patience), { ...options, patience });
};
