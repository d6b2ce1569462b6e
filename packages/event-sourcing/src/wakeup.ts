/** Lets followers sleep until something was appended. */
export type Wakeup = {
  /** Wakes everybody who waits now. */
  readonly wake: () => void;
  /** Resolves when woken, when `milliseconds` have passed (default: never), or when the signal aborts. Never rejects. */
  readonly wait: (signal: AbortSignal, milliseconds?: number) => Promise<void>;
};

/** Invariant: a waiter holds its timer and its abort listener no longer than it waits. */
export const makeWakeup = (): Wakeup => {
  const waiters = new Set<() => void>();
  return {
    wake: () => {
      for (const waiter of [...waiters]) waiter();
    },
    wait: (signal, milliseconds) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          waiters.delete(done);
          signal.removeEventListener('abort', done);
          clearTimeout(timer);
          resolve();
        };
        const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
        signal.addEventListener('abort', done, { once: true });
        waiters.add(done);
      }),
  };
};
