/** Long work beside the cycles of a connection. Invariant: none of it is under way once `end` has resolved. */
export type Aside = {
  readonly run: <A>(work: (signal: AbortSignal) => Promise<A>, signal: AbortSignal | undefined) => Promise<A>;
  /** Stops what is under way, and waits for it. */
  readonly end: () => Promise<void>;
};

export const makeAside = (): Aside => {
  const ending = new AbortController();
  const under = new Set<Promise<unknown>>();
  return {
    run: async (work, signal) => {
      const working = work(signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]));
      under.add(working);
      try {
        return await working;
      } finally {
        under.delete(working);
      }
    },
    end: async () => {
      ending.abort();
      await Promise.allSettled(under);
    },
  };
};
