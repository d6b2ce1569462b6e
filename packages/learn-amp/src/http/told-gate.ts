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
  let notBefore = closedUntil?.getTime() ?? 0;
  let toldAtMost = Math.max(0, notBefore - now().getTime());
  /** Never longer than was told, should the clock be set back. */
  const left = (): number => Math.min(notBefore - now().getTime(), toldAtMost);
  return {
    left,
    /** Names what was told last: whoever waited for it has not to wait for it again. */
    mark: (): number => notBefore,
    /** Reads the header of an answer: how long to wait, a second at least, or `undefined` where it says nothing. */
    heed: (headers: Headers): number | undefined => {
      const told = retryAfterMs(headers.get('retry-after'), now());
      if (told === undefined) return undefined;
      const waitMs = Math.max(leastTold, told);
      toldAtMost = Math.max(waitMs, left());
      notBefore = now().getTime() + toldAtMost;
      onClosed?.(new Date(notBefore));
      return waitMs;
    },
  };
};

export type ToldGate = ReturnType<typeof makeToldGate>;
