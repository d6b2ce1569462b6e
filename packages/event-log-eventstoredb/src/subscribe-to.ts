import type { EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import type { WireRecord } from './log-client.js';
import type { Patience } from './patience.js';

/** So many events wait for the follower before the server is asked to hold on. */
const LARGEST_BACKLOG = 2_000;

type Place = { readonly stream: string; readonly after: bigint | 'start'; readonly signal: AbortSignal };

/**
 * A subscription as batches: what came while the last batch was being worked on is the next one.
 *
 * Invariants: events come in order and each once; at most `LARGEST_BACKLOG` and what is on its way are held; nothing of
 * the subscription is left once the iteration has ended, however it ended.
 */
export async function* subscribeTo(
  client: EventStoreDBClient,
  { stream, after, signal }: Place,
  { quietMs }: Patience,
): AsyncGenerator<ReadonlyArray<WireRecord>, void, undefined> {
  if (signal.aborted) return;
  const subscription = client.subscribeToStream(stream, { fromRevision: after, requiresLeader: true });
  let backlog: WireRecord[] = [];
  const state: { ended: boolean; dropped: Error | undefined } = { ended: false, dropped: undefined };
  let wake = (): void => undefined;
  const isAborted = (): boolean => signal.aborted;

  const end = (): void => {
    state.ended = true;
    wake();
  };
  subscription.on('data', ({ event }: ResolvedEvent) => {
    if (event !== undefined) backlog.push(event);
    if (backlog.length >= LARGEST_BACKLOG) subscription.pause();
    wake();
  });
  // Stays when the iteration has ended: what a cancelled call still says must find a listener.
  subscription.on('error', (error) => {
    state.dropped ??= error;
    end();
  });
  subscription.on('end', end);
  signal.addEventListener('abort', end, { once: true });
  // Its own timer, so that a server that sends nothing at all ends the wait.
  const timer = setTimeout(end, quietMs);

  try {
    while (backlog.length > 0 || !state.ended) {
      if (backlog.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const batch = backlog;
      backlog = [];
      subscription.resume();
      timer.refresh();
      yield batch;
      if (isAborted()) return;
    }
    if (state.dropped !== undefined && !isAborted()) throw state.dropped;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    void subscription.unsubscribe().catch(() => undefined);
  }
}
