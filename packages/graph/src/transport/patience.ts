import type { GraphWorld } from '../graph-settings.js';

/**
 * How long a call may go on without progress.
 *
 * Invariant: the time counted is never less than the time slept here, so a clock that stands still or jumps back
 * cannot turn a bounded call into an endless one.
 */
export type Patience = {
  /** Milliseconds left; `Infinity` without a limit. */
  readonly left: () => number;
  /** Starts counting anew: something was answered. */
  readonly progress: () => void;
  /** Sleeps; rejects when the signal aborts. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Whether a wait that was asked for is within it. */
  readonly allows: (milliseconds: number) => boolean;
  /** Sleeps as long as was asked for: an answer came, so nothing of it is counted where waits are taken as told. */
  readonly pauseAsTold: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
};

/** The lesser of two limits, of which either may be none. */
export const lesserPatience = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

export const makePatience = (
  world: Pick<GraphWorld, 'now' | 'sleep'>,
  patienceMs: number | undefined,
  signal: AbortSignal,
  waitsAsTold = false,
): Patience => {
  let since = world.now().getTime();
  let slept = 0;
  const left = (): number =>
    patienceMs === undefined ? Infinity : patienceMs - Math.max(slept, world.now().getTime() - since);
  const progress = (): void => {
    since = world.now().getTime();
    slept = 0;
  };
  const pause = async (milliseconds: number): Promise<void> => {
    signal.throwIfAborted();
    slept += milliseconds;
    await world.sleep(milliseconds, signal);
  };
  return {
    left,
    progress,
    pause,
    allows: (milliseconds) => waitsAsTold || milliseconds <= left(),
    pauseAsTold: async (milliseconds) => {
      await pause(milliseconds);
      if (waitsAsTold) progress();
    },
    signal,
  };
};
