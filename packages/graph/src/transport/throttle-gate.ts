/**
 * One gate for all requests of a tenant, and one for its sign-in: usage keeps counting while Graph throttles, so a request that was not told to
 * wait would only make the wait of the others longer (https://learn.microsoft.com/graph/throttling).
 */
export type ThrottleGate = {
  /** Milliseconds of the clock until which nothing is sent. */
  readonly closedUntil: () => number;
  readonly closeFor: (milliseconds: number) => void;
};

export const makeThrottleGate = (now: () => Date, closedUntil?: Date): ThrottleGate => {
  let until = closedUntil?.getTime() ?? 0;
  return {
    closedUntil: () => until,
    closeFor: (milliseconds) => {
      until = Math.max(until, now().getTime() + milliseconds);
    },
  };
};
