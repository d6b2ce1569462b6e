import { setTimeout as sleepReally } from 'node:timers/promises';

/** How long somebody else's promise is waited for. */
export type Deadline = {
  readonly deadlineMs: number;
  /** Once the caller gave up, it is waited for so long at most. Default 5 s. */
  readonly graceMs?: number | undefined;
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
};

/** Two minutes: many people in one call take their time, and nobody's cycle is held longer by one. */
export const DEADLINE_MS = 120_000;
const GRACE_MS = 5_000;

/** The process may end although somebody's promise is still waited for. */
const sleepQuietly = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleepReally(milliseconds, undefined, { signal, ref: false });

export class OutOfTime extends Error {
  constructor() {
    super('no answer in time');
    this.name = 'OutOfTime';
  }
}

/**
 * Somebody else's promise, or a rejection with `OutOfTime` where it does not settle in time. It is told by the signal it was
 * given; whatever it comes to afterwards is dropped, a rejection included.
 */
export const inTime = async <A>(
  { deadlineMs, graceMs = GRACE_MS, sleep = sleepQuietly }: Deadline,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<A>,
): Promise<A> => {
  const late = new AbortController();
  const over = new AbortController();
  const signals = signal === undefined ? [late.signal] : [signal, late.signal];
  const wait = async (milliseconds: number): Promise<never> => {
    await sleep(milliseconds, over.signal);
    throw new OutOfTime();
  };
  const never = new Promise<never>(() => undefined);
  /** Ends of waits that are not needed any more say nothing. */
  const unlessOver = (waiting: Promise<never>): Promise<never> =>
    waiting.catch((cause: unknown) => {
      if (cause instanceof OutOfTime) throw cause;
      return never;
    });
  const abandoned = new Promise<never>((_, reject) => {
    const begin = (): void => {
      unlessOver(wait(graceMs)).catch(reject);
    };
    if (signal?.aborted === true) begin();
    else signal?.addEventListener('abort', begin, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([call(AbortSignal.any(signals)), unlessOver(wait(deadlineMs)), abandoned]);
  } catch (cause) {
    if (cause instanceof OutOfTime) late.abort();
    throw cause;
  } finally {
    over.abort();
  }
};
