/** Calls that wait to be written, together with those that come meanwhile. */
export type GatheredWrites<TItem> = {
  readonly add: (item: TItem) => Promise<void>;
  /** Resolves when nothing waits any more; what comes later is refused. */
  readonly drain: () => Promise<void>;
};

type Waiting<TItem> = {
  readonly item: TItem;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
};

/**
 * Group commit for writes that succeed or fail together: what is added while a write runs shares the next one.
 *
 * Invariants: one write at a time; none is answered before it is durable; at most `limit` wait, further ones are refused
 * at once.
 */
export const gatherWrites = <TItem>(
  write: (items: ReadonlyArray<TItem>) => Promise<void>,
  { limit, name }: { readonly limit: number; readonly name: string },
): GatheredWrites<TItem> => {
  let queue: Waiting<TItem>[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const writeOnce = async (group: ReadonlyArray<Waiting<TItem>>): Promise<void> => {
    try {
      await write(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (cause) {
      for (const { reject } of group) reject(cause);
    }
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      // One turn later, so that what arrived together is written together, and requests are read between two writes.
      await new Promise(setImmediate);
      const group = queue;
      queue = [];
      await writeOnce(group);
    }
    running = undefined;
  };

  return {
    add: (item) => {
      if (closed) return Promise.reject(new Error(`The ${name} is closed.`));
      if (queue.length >= limit) return Promise.reject(new Error(`Too many writes wait for the ${name}.`));
      return new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= run();
      });
    },
    drain: async () => {
      closed = true;
      await running;
    },
  };
};
