/** The simulator's time: real or injected, and movable forward. */
export type SimulatorClock = {
  readonly now: () => Date;
  /** Moves every later reading forward. */
  readonly advance: (milliseconds: number) => void;
};

export const makeClock = (source: (() => Date) | undefined): SimulatorClock => {
  let offset = 0;
  const read = source ?? ((): Date => new Date());
  return {
    now: () => new Date(read().getTime() + offset),
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
};

/** As Entra prints times: to the second, in UTC. */
export const toSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
