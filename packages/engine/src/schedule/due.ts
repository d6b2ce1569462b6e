import type { RoundGate } from '../notifications/round-gate.js';
import { nextRoundAt } from '../notifications/round-gate.js';

/** A moment that was waited for from another one on. Times are milliseconds since the epoch and come from outside. */
export type Wait = { readonly since: number; readonly until: number };

/** What is known of one connection when its next cycle is decided. */
export type Standing = {
  /** From the end of the last cycle; `undefined` before the first one, which comes at once. */
  readonly poll: Wait | undefined;
  /** When the last full cycle was complete; `undefined` where there was none or nobody knows. */
  readonly fullAt: number | undefined;
  readonly fullEveryMs: number;
  /** What notifications ask for. */
  readonly gate: RoundGate;
  /** After a failure, or as long as somebody asked to wait. */
  readonly backOff: Wait | undefined;
  readonly paused: boolean;
  /** While delivery is paused: until when Learn Amp is not asked whether it goes on. What Graph tells is read meanwhile. */
  readonly probe?: Wait | undefined;
};

export type Due = { readonly at: number; readonly trigger: 'full' | 'schedule' | 'notification' };

/** A clock that was set back to before the wait began says nothing about how much of it has passed: it is over. */
export const overAt = (wait: Wait | undefined, now: number): number =>
  wait === undefined || now < wait.since ? now : Math.max(now, wait.until);

const fullDueAt = ({ fullAt, fullEveryMs, probe }: Standing, now: number): number =>
  Math.max(overAt(probe, now), fullAt === undefined || fullAt > now ? now : fullAt + fullEveryMs);

/**
 * Which cycle comes next by itself, and when: never before `now`.
 *
 * Invariants: a paused connection has none; none comes before the end of a back-off; otherwise one comes at the end of the
 * poll interval at the latest, and a full one once the last is `fullEveryMs` old. A clock that jumps makes a cycle come
 * early, never late.
 */
export const decideDue = (standing: Standing, now: number): Due | undefined => {
  if (standing.paused) return undefined;
  const notified = nextRoundAt(standing.gate, now) ?? Infinity;
  const poll = overAt(standing.poll, now);
  const full = fullDueAt(standing, now);
  const at = Math.max(Math.min(poll, notified, full), overAt(standing.backOff, now));
  if (full <= at) return { at, trigger: 'full' };
  return { at, trigger: notified <= at ? 'notification' : 'schedule' };
};
