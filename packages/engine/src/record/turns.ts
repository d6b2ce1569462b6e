/** Runs one after the other what is handed in, in that order, whatever becomes of each. */
export const makeTurns = (): (<A>(run: () => Promise<A>) => Promise<A>) => {
  let tail: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = tail.then(run);
    tail = turn.catch(() => undefined);
    return turn;
  };
};
