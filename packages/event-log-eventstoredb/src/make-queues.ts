/** Runs tasks of one name one after the other, and tasks of different names side by side. */
export type Queues = {
  readonly run: <T>(name: string, task: () => Promise<T>) => Promise<T>;
  /** As many wait as may. */
  readonly isFull: () => boolean;
  /** Resolves when nothing runs or waits any more. */
  readonly drain: () => Promise<void>;
};

export const makeQueues = (limit: number): Queues => {
  let waiting = 0;
  const tails = new Map<string, Promise<unknown>>();
  return {
    run: (name, task) => {
      waiting += 1;
      const before = tails.get(name) ?? Promise.resolve();
      const running = before.then(task, task);
      const tail = running.then(
        () => undefined,
        () => undefined,
      );
      tails.set(name, tail);
      void tail.then(() => {
        waiting -= 1;
        if (tails.get(name) === tail) tails.delete(name);
      });
      return running;
    },
    isFull: () => waiting >= limit,
    drain: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
};
