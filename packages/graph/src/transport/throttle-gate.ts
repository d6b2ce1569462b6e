/**
 * One gate for all requests of a source: usage keeps counting while Graph throttles, so a request that was not told to
 * wait would only make the wait of the others longer (https://learn.microsoft.com/graph/throttling).
 */
export type ThrottleGate = {
  /** Milliseconds of the clock until which nothing is sent. */
  readonly closedUntil: () => number;
  readonly closeFor: (milliseconds: number) => void;
};

export const makeThrottleGate = (now: () => Date): ThrottleGate => {
  let until = 0;
  return {
    closedUntil: () => until,
    closeFor: (milliseconds) => {
      until = Math.max(until, now().getTime() + milliseconds);
    },
  };
};
