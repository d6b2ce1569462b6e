import type { EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import { clientLibrary } from './client-library.js';
import { checkConnectionString, EventStoreDbConnectionRefused } from './connection-string.js';
import type { LogClient, ReadRequest, Unconfirmed, WireRecord } from './log-client.js';
import { NoAnswer, withinTime } from './patience.js';
import type { Patience } from './patience.js';
import { subscribeTo } from './subscribe-to.js';

/**
 * The client's batch append is left out. Its answers are matched through one table of the whole process: an error on any
 * connection empties it, and an answer that then comes on another one throws where nobody can catch it. A plain append is
 * a call of its own.
 */
const withoutBatchAppend = (client: EventStoreDBClient): EventStoreDBClient =>
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });

const connect = (connectionString: string): EventStoreDBClient => {
  checkConnectionString(connectionString);
  const library = clientLibrary();
  try {
    return withoutBatchAppend(library.EventStoreDBClient.connectionString(connectionString));
  } catch (cause) {
    // The client's own error carries the string.
    const file = cause instanceof Error && cause.message.includes('certificate') ? ` ${cause.message}` : '';
    throw new EventStoreDbConnectionRefused(file === '' ? 'the client does not understand it.' : file.trim());
  }
};

type Shared = { readonly client: EventStoreDBClient; users: number };

/** One client a process and connection string: connections and discovery are shared by all logs. */
const shared = new Map<string, Shared>();

const acquire = (connectionString: string): EventStoreDBClient => {
  const known = shared.get(connectionString) ?? { client: connect(connectionString), users: 0 };
  known.users += 1;
  shared.set(connectionString, known);
  return known.client;
};

const release = async (connectionString: string, patience: Patience): Promise<void> => {
  const known = shared.get(connectionString);
  if (known === undefined) return;
  known.users -= 1;
  if (known.users > 0) return;
  shared.delete(connectionString);
  await withinTime(known.client.dispose(), patience.callMs).catch(() => undefined);
};

/** Collects the answer to one read. A part is never taken for the whole: only the server's end of it resolves. */
const collect = (
  client: EventStoreDBClient,
  { stream, from, backwards, count, signals }: ReadRequest,
  callMs: number,
): Promise<ReadonlyArray<WireRecord>> =>
  new Promise((resolve, reject) => {
    const reading = client.readStream(stream, {
      direction: backwards ? 'backwards' : 'forwards',
      fromRevision: from,
      maxCount: count,
      requiresLeader: true,
    });
    const events: WireRecord[] = [];
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', aborted);
      finish();
    };
    const giveUp = (cause: Error): void =>
      settle(() => {
        void reading.cancel().catch(() => undefined);
        reject(cause);
      });
    const timer = setTimeout(() => giveUp(new NoAnswer(callMs)), callMs);
    const aborted = ({ target }: Event): void => giveUp((target as AbortSignal).reason as Error);
    for (const signal of signals) signal.addEventListener('abort', aborted, { once: true });
    reading.on('data', ({ event }: ResolvedEvent) => {
      timer.refresh();
      if (event !== undefined) events.push(event);
    });
    reading.on('end', () => settle(() => resolve(events)));
    // Stays when the read is settled: what a cancelled call still says must find a listener.
    reading.on('error', (error) =>
      settle(() => {
        if (error instanceof clientLibrary().StreamNotFoundError) resolve([]);
        else reject(error);
      }),
    );
  });

const isFinal = (cause: unknown): boolean => {
  const { ErrorType, isCommandError } = clientLibrary();
  if (!(cause instanceof Error) || !isCommandError(cause)) return false;
  const final: ReadonlyArray<string> = [
    ErrorType.ACCESS_DENIED,
    ErrorType.INVALID_ARGUMENT,
    ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
    ErrorType.STREAM_DELETED,
  ];
  return final.includes(cause.type);
};

const unconfirmed = (cause: unknown): Unconfirmed => ({
  _tag: cause instanceof clientLibrary().WrongExpectedVersionError ? 'WrongVersion' : 'Unknown',
  cause,
});

/**
 * Opens the client for a connection string, or joins the one that is open. Connects at the first call, so a cluster that
 * is down fails that call and not the opening. Throws an `EventStoreDbConnectionRefused`, or an
 * `EventStoreDbClientMissing`.
 */
export const openClient = (connectionString: string, patience: Patience): LogClient => {
  const client = acquire(connectionString);
  const { callMs, lateMs } = patience;
  return {
    // The client does not give an append up while it matters: it would end its side of the call before it resets it, and
    // the server may take what it has of the batch for all of it. Who waits gives up instead. The call ends with its answer
    // or its connection, or much later, so that a server that stays silent holds a bounded number of batches in memory.
    append: async (stream, expected, events) => {
      try {
        const answer = client.appendToStream(stream, [...events], {
          expectedRevision: expected === 'no-stream' ? 'no_stream' : expected,
          requiresLeader: true,
          deadline: lateMs,
        });
        return E.right((await withinTime(answer, callMs)).nextExpectedRevision);
      } catch (cause) {
        return E.left(unconfirmed(cause));
      }
    },
    read: (request) => collect(client, request, callMs),
    subscribe: (stream, after, signal) => subscribeTo(client, { stream, after, signal }, patience),
    isFinal,
    close: () => release(connectionString, patience),
  };
};
