export type SendWindow<Ready> = {
  /** Records the next group, before any of it is sent; `undefined`: there is no other. */
  readonly next: () => Promise<ReadonlyArray<Ready> | undefined>;
  /** Sends these and takes what comes back. */
  readonly run: (ready: ReadonlyArray<Ready>) => Promise<void>;
  /** Nothing more is begun. */
  readonly isOver: () => boolean;
  /** Told when there is nothing left to begin, while others may still be under way. */
  readonly onIdle: () => void;
  /** Calls under way at once. */
  readonly atOnce: number;
  /** Most that one call takes. */
  readonly each: number;
};

/**
 * Sends group after group without waiting for the slowest of each: as soon as one call is answered the next begins, and the next group
 * is recorded while the last one is on its way. Invariants: nothing is sent before its group is recorded; what is under way
 * has ended when this resolves or rejects; at most one group is recorded ahead of what is being sent.
 */
export const runWindow = async <Ready>(window: SendWindow<Ready>): Promise<void> => {
  const { next, run, isOver, onIdle, atOnce, each } = window;
  const waiting: Ready[] = [];
  let isFed = false;
  let feeding: Promise<void> | undefined;
  const failures: unknown[] = [];

  const feed = async (): Promise<void> => {
    try {
      const group = await next();
      if (group === undefined) isFed = true;
      else waiting.push(...group);
    } catch (failure) {
      failures.push(failure);
      isFed = true;
    }
    feeding = undefined;
  };

  const isDone = (): boolean => failures.length > 0 || isOver();

  const worker = async (): Promise<void> => {
    while (!isDone()) {
      const taken = waiting.splice(0, each);
      if (!isFed && waiting.length < atOnce * each) feeding ??= feed();
      if (taken.length > 0) await run(taken);
      else if (feeding === undefined) break;
      else await feeding;
    }
    onIdle();
  };

  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  await feeding;
  for (const end of ended) if (end.status === 'rejected') failures.push(end.reason);
  if (failures.length > 0) throw failures[0];
};
