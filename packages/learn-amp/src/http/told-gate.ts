import { leastTold, retryAfterMs } from './backoff.js';

/** What Learn Amp said about when to come back, for all calls of a client. */
export const makeToldGate = ({
  now,
  closedUntil,
  onClosed,
}: {
  readonly now: () => Date;
  readonly closedUntil?: Date | undefined;
  readonly onClosed?: ((until: Date) => void) | undefined;
}) => {
  let closedAt = now().getTime();
  let notBefore = closedUntil?.getTime() ?? 0;
  let told = 1;

  /**
   * A clock that was set back to before the closing says nothing of how much of the wait has passed: it begins again, once. Never
   * longer than was told.
   */
  const left = (): number => {
    const at = now().getTime();
    if (at < closedAt) {
      notBefore -= closedAt - at;
      closedAt = at;
    }
    return notBefore - at;
  };
  return {
    left,
    /** Names what was told last: whoever waited for it has not to wait for it again. */
    mark: (): number => told,
    /** Reads the header of an answer: how long to wait, a second at least, or `undefined` where it says nothing. */
    heed: (headers: Headers): number | undefined => {
      const asked = retryAfterMs(headers, now());
      if (asked === undefined) return undefined;
      const waitMs = Math.max(leastTold, asked);
      const longest = Math.max(waitMs, left());
      closedAt = now().getTime();
      notBefore = closedAt + longest;
      told += 1;
      onClosed?.(new Date(notBefore));
      return waitMs;
    },
  };
};

export type ToldGate = ReturnType<typeof makeToldGate>;
