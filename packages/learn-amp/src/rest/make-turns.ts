/** Runs the work of one key after what is under way for it; other keys do not wait. */
export type Turns = <A>(key: string, work: () => Promise<A>) => Promise<A>;

export const makeTurns = (): Turns => {
  const turns = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = turns.get(key) ?? Promise.resolve();
    const mine = before.then(work);
    // The chain goes on after a failure; only its own caller sees it.
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    turns.set(key, settled);
    try {
      return await mine;
    } finally {
      if (turns.get(key) === settled) turns.delete(key);
    }
  };
};
