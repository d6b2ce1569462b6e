/** One policy for every retry: exponential from one second, full jitter, bounded. */
const base = 1000;
const cap = 60_000;
const least = 50;

/** Milliseconds to wait after the given number of failed attempts (0 for the first). */
export const backoff = (attempt: number, random: () => number): number =>
  Math.max(least, Math.round(random() * Math.min(cap, base * 2 ** Math.min(attempt, 16))));

/** Nobody comes back sooner, whatever a past date or a zero says. */
export const leastTold = 1000;

/** Whoever names more names nonsense, or the end of time: once a day it is asked again, and may say so again. */
const mostTold = 24 * 3_600_000;

/**
 * `Retry-After` as milliseconds from now: seconds (fractions too) or an HTTP date; a past date is 0, and
 * nothing is longer than a day. A date is read against the answer's own `Date` where it has one, so that a wrong clock of the
 * host does no harm.
 * `undefined` where it is missing or makes no sense.
 */
export const retryAfterMs = (headers: Headers, now: Date): number | undefined => {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(mostTold, Math.ceil(Number(text) * 1000));
  // A date begins with its weekday; `Date.parse` alone would read "-5" as a year.
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const at = Date.parse(text);
  const sent = Date.parse(headers.get('date') ?? '');
  const from = Number.isNaN(sent) ? now.getTime() : sent;
  return Number.isNaN(at) ? undefined : Math.min(mostTold, Math.max(0, at - from));
};
