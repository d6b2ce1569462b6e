import type { Revision, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type { LogClient } from './log-client.js';
import { makePauses } from './patience.js';
import type { Patience, Pauses } from './patience.js';
import type { RecordReads } from './read-records.js';
import { fromWire } from './wire-records.js';

const FOLLOWED_PAGE = 1_000;

type Following = { readonly stream: string; readonly from: Revision; readonly signal: AbortSignal };

/**
 * Catches up page by page, then subscribes behind what it has, and again whenever the subscription ends.
 *
 * Invariants: records come in order, each once and none left out: a subscription is believed only where it goes on at the
 * very next revision; whatever else it brings, the follower catches up by reading first. It ends without an error when
 * the signal aborts, and rejects only when nothing could be read for `outageMs`.
 */
export async function* followStream(
  client: LogClient,
  reads: RecordReads,
  { stream, from, signal }: Following,
  patience: Patience,
): AsyncGenerator<ReadonlyArray<StoredRecord>, void, undefined> {
  let next = from;
  let outage: Pauses | undefined;
  const isOver = (): boolean => signal.aborted;

  /** Waits before the next attempt, or rejects with the failure when it has gone on for too long. */
  const bear = async (cause: unknown): Promise<void> => {
    if (client.isFinal(cause)) throw cause;
    outage ??= makePauses(patience, patience.outageMs);
    if (outage.isOver()) throw cause;
    await outage.pause(signal);
  };

  const catchUp = async (): Promise<ReadonlyArray<StoredRecord>> => {
    const range = { low: next, high: next + BigInt(FOLLOWED_PAGE) - 1n, backwards: false, size: FOLLOWED_PAGE };
    const page = await reads.page(stream, range, signal);
    outage = undefined;
    return page;
  };

  /** A stream may end before `from`: a subscription from beyond the end is not asked for. */
  const lastBefore = async (): Promise<bigint | 'start'> => {
    const last = (await reads.head(stream))?.revision ?? -1n;
    const before = last < next - 1n ? last : next - 1n;
    return before < 0n ? 'start' : before;
  };

  while (!isOver()) {
    try {
      const page = await catchUp();
      const last = page.at(-1);
      if (last !== undefined) {
        next = last.revision + 1n;
        yield page;
        continue;
      }
      for await (const events of client.subscribe(stream, await lastBefore(), signal)) {
        const records = events.map(fromWire).filter(({ revision }) => revision >= next);
        if (records.some(({ revision }, index) => revision !== next + BigInt(index))) break;
        if (records.length === 0) continue;
        next += BigInt(records.length);
        yield records;
      }
    } catch (cause) {
      if (!isOver()) await bear(cause);
    }
  }
}
