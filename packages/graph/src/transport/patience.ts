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
  readonly signal: AbortSignal;
};

/** The lesser of two limits, of which either may be none. */
export const lesserPatience = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

export const makePatience = (
  world: Pick<GraphWorld, 'now' | 'sleep'>,
  patienceMs: number | undefined,
  signal: AbortSignal,
): Patience => {
  let since = world.now().getTime();
  let slept = 0;
  return {
    left: () => (patienceMs === undefined ? Infinity : patienceMs - Math.max(slept, world.now().getTime() - since)),
    progress: () => {
      since = world.now().getTime();
      slept = 0;
    },
    pause: async (milliseconds) => {
      signal.throwIfAborted();
      slept += milliseconds;
      await world.sleep(milliseconds, signal);
    },
    signal,
  };
};
