import { setTimeout as delay } from 'node:timers/promises';

/** How long the log waits, in milliseconds. The client's own deadlines bound neither reads nor every append. */
export type Patience = {
  /** For the answer to one append, and between two events of a read. */
  readonly callMs: number;
  /** For an append that nobody waits for any more to be let go of: until then it and its batch are kept. */
  readonly lateMs: number;
  /** For an append or a read to succeed, with all of its attempts: a cluster elects a leader in this time. */
  readonly retryMs: number;
  /** Between two attempts; doubled each time up to the longest. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** A subscription that was silent for so long is not believed: the follower looks for itself. */
  readonly quietMs: number;
  /** A follower gives up when nothing could be read for so long. */
  readonly outageMs: number;
};

export const PATIENCE: Patience = {
  callMs: 10_000,
  lateMs: 2 * 60_000,
  retryMs: 15_000,
  pauseMs: 50,
  longestPauseMs: 2_000,
  quietMs: 30_000,
  outageMs: 10 * 60_000,
};

/** Sleeps between attempts. Half of each pause is chance, so that those who failed together do not try together. */
export type Pauses = { readonly pause: (signal?: AbortSignal) => Promise<void>; readonly isOver: () => boolean };

/** The pauses of one undertaking, which is over after `forMs`. */
export const makePauses = (patience: Patience, forMs: number): Pauses => {
  const end = Date.now() + forMs;
  let next = patience.pauseMs;
  return {
    isOver: () => Date.now() >= end,
    pause: async (signal) => {
      const milliseconds = next / 2 + (Math.random() * next) / 2;
      next = Math.min(next * 2, patience.longestPauseMs);
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
};

/** No answer in time. What was asked may have been done all the same. */
export class NoAnswer extends Error {
  constructor(milliseconds: number) {
    super(`EventStoreDB did not answer within ${milliseconds} ms.`);
    this.name = 'NoAnswer';
  }
}

/** The promise's outcome, or a rejection with `NoAnswer`. Whatever the promise does afterwards is ignored. */
export const withinTime = async <T>(promise: Promise<T>, milliseconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
