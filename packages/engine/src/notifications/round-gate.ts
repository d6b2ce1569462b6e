/** Rounds of one tenant begin at least so far apart, whatever arrives. */
export const ROUND_SPACING_MS = 5_000;
/** A change may be told before it can be read, so one more round follows when nothing was told for so long. */
export const FOLLOW_UP_MS = 60_000;

/**
 * When the next round of one tenant is due, as far as notifications ask for one. Times are milliseconds since the epoch
 * and come from outside.
 *
 * Invariants: rounds begin at least `ROUND_SPACING_MS` apart; a notification is followed by a round that began after it,
 * and by one that began at least `FOLLOW_UP_MS` after the last notification. A clock that jumps makes a round come
 * early, never late.
 */
export type RoundGate = {
  readonly startedAt: number | undefined;
  readonly running: boolean;
  /** A notification waits for a round that begins after it. */
  readonly wanted: boolean;
  readonly followUpAt: number | undefined;
};

export const idleGate: RoundGate = { startedAt: undefined, running: false, wanted: false, followUpAt: undefined };

/** `at` is when the notification came: earlier than now for marks that were found in the inbox at the start. */
export const afterNotification = (gate: RoundGate, at: number): RoundGate => ({
  ...gate,
  wanted: true,
  followUpAt: at + FOLLOW_UP_MS,
});

/** Any round counts, whatever it was started by. */
export const afterRoundStarted = (gate: RoundGate, at: number): RoundGate => ({
  startedAt: at,
  running: true,
  wanted: false,
  followUpAt: gate.followUpAt !== undefined && gate.followUpAt <= at ? undefined : gate.followUpAt,
});

/** A round that did not reach its end answered no notification: the follow-up is due again. */
export const afterRoundEnded = (gate: RoundGate, at: number, outcome: 'complete' | 'incomplete'): RoundGate => ({
  ...gate,
  running: false,
  followUpAt: outcome === 'complete' ? gate.followUpAt : at + FOLLOW_UP_MS,
});

/** When a round may begin, not before `now`; `undefined` while one runs, or where none is asked for. */
export const nextRoundAt = (gate: RoundGate, now: number): number | undefined => {
  const { startedAt, running, wanted, followUpAt } = gate;
  if (running) return undefined;
  const spaced = startedAt === undefined ? now : notBefore(startedAt, ROUND_SPACING_MS, now);
  if (wanted) return spaced;
  return followUpAt === undefined
    ? undefined
    : Math.max(spaced, notBefore(followUpAt - FOLLOW_UP_MS, FOLLOW_UP_MS, now));
};

/** So long after a moment, or now: a moment that lies ahead means that the clock was set back, and nothing is known. */
const notBefore = (moment: number, milliseconds: number, now: number): number =>
  moment > now ? now : Math.max(now, moment + milliseconds);
