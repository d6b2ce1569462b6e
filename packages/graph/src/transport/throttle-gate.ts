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
  let closedAt = now().getTime();
  let until = closedUntil?.getTime() ?? 0;

  /** A clock that was set back to before the closing says nothing of how much of it has passed: it begins again. */
  const untilNow = (): number => {
    const at = now().getTime();
    if (at < closedAt) {
      until = Math.max(0, until - (closedAt - at));
      closedAt = at;
    }
    return until;
  };

  return {
    closedUntil: untilNow,
    closeFor: (milliseconds) => {
      const end = now().getTime() + milliseconds;
      if (end <= untilNow()) return;
      closedAt = now().getTime();
      until = end;
    },
  };
};
