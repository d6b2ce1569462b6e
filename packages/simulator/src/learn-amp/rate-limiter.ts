import type { SimulatorClock } from '../clock.js';
import { json, type SimulatedResponse } from '../http/exchange.js';

/** Learn Amp documents 429 and neither a number nor a header: so many requests in each window, tokens apart. */
export type RateLimit = {
  readonly requests: number;
  readonly windowSeconds: number;
  /** How the refusal says when to come back. Default `none`. */
  readonly retryAfter?: 'seconds' | 'date' | 'none';
};

/** The refusal of a request beyond the limit of the present window; `undefined` where it may pass. */
export const makeRateLimiter = (
  limit: RateLimit | undefined,
  clock: SimulatorClock,
): (() => SimulatedResponse | undefined) => {
  if (limit === undefined) return () => undefined;
  const windowMs = limit.windowSeconds * 1000;
  let opened = Number.NEGATIVE_INFINITY;
  let passed = 0;

  const headers = (end: number): Readonly<Record<string, string>> => {
    if (limit.retryAfter === 'date') {
      const date = clock.now().toUTCString();
      return { date, 'retry-after': new Date(Math.ceil(end / 1000) * 1000).toUTCString() };
    }
    if (limit.retryAfter !== 'seconds') return {};
    return { 'retry-after': String(Math.max(1, Math.ceil((end - clock.now().getTime()) / 1000))) };
  };

  return () => {
    const at = clock.now().getTime();
    if (at >= opened + windowMs) {
      opened = at - (at % windowMs);
      passed = 0;
    }
    passed += 1;
    if (passed <= limit.requests) return undefined;
    return json(429, { error: 'Too many requests' }, headers(opened + windowMs));
  };
};
