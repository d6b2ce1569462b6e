type Timer = { readonly at: number; readonly ring: () => void };

/**
 * A clock that stands still while anything is under way, and jumps to the next timer once nothing is: months pass in
 * seconds, in an order that does not depend on the machine.
 */
export type VirtualTime = {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Requests made through it are known to be under way; an answer that never comes is waited for until its request is given up. */
  readonly counting: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** Lets so much time pass, timer by timer. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Lets time pass until the condition holds; rejects when it does not within the time. */
  readonly until: (condition: () => boolean | Promise<boolean>, withinMs: number) => Promise<void>;
  /** Waits until nothing is under way, without letting time pass. */
  readonly settle: () => Promise<void>;
  /** Timers that are set. */
  readonly timers: () => number;
};

/** Turns of the event loop in which nothing new came, before nothing counts as under way. */
const QUIET_TURNS = 3;
/** So long in real time a request may hang before it no longer holds the clock: what is silent on purpose never answers. */
const PATIENT_MS = 1_500;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const makeVirtualTime = (start = '2026-03-01T00:00:00.000Z'): VirtualTime => {
  let at = Date.parse(start);
  let activity = 0;
  let underWay = 0;
  /** Requests that nothing waits for any more. */
  let hanging = 0;
  const timers = new Set<Timer>();

  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      activity += 1;
      const end = (): void => {
        activity += 1;
        timers.delete(timer);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        end();
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
      };
      const timer: Timer = {
        at: at + Math.max(0, milliseconds),
        ring: () => {
          end();
          resolve();
        },
      };
      timers.add(timer);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted === true) abort();
    });

  const settle = async (): Promise<void> => {
    let quiet = 0;
    let since = performance.now();
    while (quiet < QUIET_TURNS) {
      const seen = activity;
      await turn();
      if (seen !== activity) since = performance.now();
      else if (performance.now() - since > PATIENT_MS) hanging = underWay;
      quiet = seen === activity && underWay <= hanging ? quiet + 1 : 0;
    }
  };

  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (next === undefined || timer.at < next.at) next = timer;
    return next;
  };

  /** One timer further, or to the end. Resolves with whether time is left. */
  const step = async (end: number): Promise<boolean> => {
    await settle();
    const next = nextTimer();
    if (next === undefined || next.at > end) {
      at = Math.max(at, end);
      return false;
    }
    at = Math.max(at, next.at);
    next.ring();
    return true;
  };

  return {
    now: () => new Date(at),
    sleep,
    counting: (fetch) => async (input, init) => {
      activity += 1;
      underWay += 1;
      try {
        return await fetch(input, init);
      } finally {
        activity += 1;
        underWay -= 1;
        hanging = Math.min(hanging, underWay);
      }
    },
    pass: async (milliseconds) => {
      const end = at + milliseconds;
      while (await step(end));
      await settle();
    },
    until: async (condition, withinMs) => {
      const end = at + withinMs;
      await settle();
      while (!(await condition())) {
        if (!(await step(end))) {
          await settle();
          if (await condition()) return;
          throw new Error(`The condition did not hold within ${String(withinMs)} ms.`);
        }
        await settle();
      }
    },
    settle,
    timers: () => timers.size,
  };
};
