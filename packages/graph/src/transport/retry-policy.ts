/** One policy for everything that is retried. Times in milliseconds. */
export type RetryPolicy = {
  readonly baseMs: number;
  readonly capMs: number;
  /** What a `Retry-After` is clamped to. */
  readonly toldAtLeastMs: number;
  readonly toldAtMostMs: number;
  /** One request, from the first byte sent to the last byte read. */
  readonly requestMs: number;
  /** What one request is given at the very end of the patience. */
  readonly requestAtLeastMs: number;
};

export const retryPolicy: RetryPolicy = {
  baseMs: 500,
  capMs: 15 * 60_000,
  toldAtLeastMs: 1_000,
  toldAtMostMs: 15 * 60_000,
  requestMs: 60_000,
  requestAtLeastMs: 1_000,
};

/** Exponential with full jitter: many engines that failed together do not come back together. */
export const backoffMs = (failures: number, random: () => number, policy: RetryPolicy = retryPolicy): number =>
  Math.ceil(random() * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures, 20)));

/**
 * `Retry-After` in milliseconds: seconds (whole or with a fraction) or an HTTP date, which is read against the answer's
 * own `Date` where it has one, so that a wrong host clock does no harm. `undefined` when it is missing or nonsense.
 */
export const parseRetryAfter = (
  header: string | null | undefined,
  now: number,
  policy: RetryPolicy = retryPolicy,
): number | undefined => {
  const text = header?.trim() ?? '';
  const clamp = (ms: number): number => Math.min(policy.toldAtMostMs, Math.max(policy.toldAtLeastMs, Math.ceil(ms)));
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Number(text) * 1000);
  // Date.parse takes almost anything for a date ("soon 5"): only the weekday form of RFC 9110 counts.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : clamp(at - now);
};

/** How long one request may take: never longer than the patience that is left, except for a last short chance. */
export const timeoutWithin = (leftMs: number, mostMs: number = retryPolicy.requestMs): number =>
  Math.min(mostMs, Math.max(retryPolicy.requestAtLeastMs, leftMs));

/** 408, 429, 509 and every 5xx that can pass; 501, 505 and 507 say that asking again is useless. */
export const isTransient = (status: number): boolean =>
  status === 408 || status === 429 || (status >= 500 && ![501, 505, 507].includes(status));

export const isThrottling = (status: number): boolean => status === 429 || status === 509;
