import type { Head, PageRange, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import type { LogClient, ReadRequest } from './log-client.js';
import { makePauses } from './patience.js';
import type { Patience } from './patience.js';
import { fromWire } from './wire-records.js';

export type RecordReads = {
  /** The newest record of a stream, `undefined` where there is none. */
  readonly head: (stream: string) => Promise<Head | undefined>;
  readonly page: (stream: string, range: PageRange, signal?: AbortSignal) => Promise<ReadonlyArray<StoredRecord>>;
};

export const headOf = (record: StoredRecord | undefined): Head | undefined =>
  record === undefined ? undefined : { revision: record.revision, hash: record.metadata.hash };

/** Above it there is no revision: a read that begins there begins at the end. */
const LAST_REVISION = 9_223_372_036_854_775_807n;

const countOf = ({ low, high, size }: PageRange): number => {
  const width = high - low + 1n;
  return width < BigInt(size) ? Number(width) : size; // a size is at most 4,096
};

/**
 * Reads of whole pages. A read that fails is made again until the patience is at its end: it changes nothing, and a
 * leader may have to be elected. Rejects with what the last attempt failed with, or with the reason of a signal: the
 * caller's, or `ending` when the log closes.
 */
export const makeReads = (client: LogClient, patience: Patience, ending: AbortSignal): RecordReads => {
  const read = async (
    request: Omit<ReadRequest, 'signals'>,
    signal?: AbortSignal,
  ): Promise<ReadonlyArray<StoredRecord>> => {
    const signals = signal === undefined ? [ending] : [signal, ending];
    const pauses = makePauses(patience, patience.retryMs);
    for (;;) {
      try {
        for (const each of signals) each.throwIfAborted();
        return (await client.read({ ...request, signals })).map(fromWire);
      } catch (cause) {
        if (signals.some(({ aborted }) => aborted) || pauses.isOver() || client.isFinal(cause)) throw cause;
        await pauses.pause(signal);
      }
    }
  };

  const head = async (stream: string): Promise<Head | undefined> =>
    headOf((await read({ stream, from: 'end', backwards: true, count: 1 }))[0]);

  /** Backwards from beyond the end a server may answer only the part of the asked-for window that exists. */
  const clamped = async (stream: string, range: PageRange): Promise<PageRange> => {
    const last = (await head(stream))?.revision ?? -1n;
    return range.high > last ? { ...range, high: last } : range;
  };

  return {
    head,
    page: async (stream, range, signal) => {
      const { low, high } = range.backwards && range.high !== LAST_REVISION ? await clamped(stream, range) : range;
      if (low > high || high < 0n) return [];
      const { backwards } = range;
      const from = backwards ? (high === LAST_REVISION ? 'end' : high) : low < 0n ? 0n : low;
      const page = await read({ stream, from, backwards, count: countOf({ ...range, low, high }) }, signal);
      return page.filter(({ revision }) => revision >= low && revision <= high);
    },
  };
};
