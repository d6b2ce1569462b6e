import { isThrottling, parseRetryAfter } from './retry-policy.js';
import type { Received } from './send-once.js';

/** Why and after how long an answer of a transient status is asked for again. `now` in milliseconds. */
export const againAfter = ({ status, headers }: Pick<Received, 'status' | 'headers'>, now: number) => {
  const date = Date.parse(headers.get('date') ?? '');
  return {
    _tag: 'Again',
    cause: isThrottling(status) ? 'throttled' : 'unreachable',
    waitMs: parseRetryAfter(headers.get('retry-after'), Number.isNaN(date) ? now : date),
  } as const;
};
