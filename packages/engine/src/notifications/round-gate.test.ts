import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterNotification,
  afterRoundEnded,
  afterRoundStarted,
  FOLLOW_UP_MS,
  idleGate,
  nextRoundAt,
  ROUND_SPACING_MS,
} from './round-gate.js';
import type { RoundGate } from './round-gate.js';

type Told = { readonly at: number };
type Ran = { readonly from: number; readonly to: number; readonly complete: boolean };

/** Plays notifications on a virtual clock; a round begins whenever the gate says so. */
const play = (
  notifications: ReadonlyArray<number>,
  options: { readonly roundMs: number; readonly until: number; readonly fails?: (round: number) => boolean },
): { readonly told: ReadonlyArray<Told>; readonly rounds: ReadonlyArray<Ran> } => {
  const queue = [...notifications].sort((a, b) => a - b);
  const told: Told[] = [];
  const rounds: Ran[] = [];
  let gate: RoundGate = idleGate;
  let endsAt: number | undefined;
  for (let now = 0; now <= options.until;) {
    const due = nextRoundAt(gate, now);
    const next = Math.min(queue[0] ?? Infinity, endsAt ?? Infinity, due ?? Infinity);
    if (next > options.until) break;
    now = next;
    if (endsAt === now) {
      const complete = options.fails?.(rounds.length) !== true;
      gate = afterRoundEnded(gate, now, complete ? 'complete' : 'incomplete');
      rounds.push({ from: now - options.roundMs, to: now, complete });
      endsAt = undefined;
    } else if (queue[0] === now) {
      queue.shift();
      told.push({ at: now });
      gate = afterNotification(gate, now);
    } else {
      gate = afterRoundStarted(gate, now);
      endsAt = now + options.roundMs;
    }
  }
  return { told, rounds };
};

const startsOf = (rounds: ReadonlyArray<Ran>): ReadonlyArray<number> => rounds.map(({ from }) => from);

describe('the gate of a tenant', () => {
  it('asks for no round where nothing was told', () => {
    expect(nextRoundAt(idleGate, 1_000)).toBeUndefined();
    expect(nextRoundAt(afterRoundEnded(afterRoundStarted(idleGate, 0), 10, 'complete'), 1_000)).toBeUndefined();
  });

  it('lets the first notification through at once, and follows up a minute after it', () => {
    expect(startsOf(play([500], { roundMs: 100, until: 600_000 }).rounds)).toEqual([500, 60_500]);
  });

  it('makes one round of a burst within five seconds, and the follow-up counts from the last of it', () => {
    const burst = Array.from({ length: 1_000 }, (_, n) => 10_000 + n * 4);
    const { rounds } = play(burst, { roundMs: 100, until: 600_000 });
    expect(startsOf(rounds)).toEqual([10_000, 15_000, 10_000 + 999 * 4 + FOLLOW_UP_MS]);
  });

  it('makes another round of a notification that arrives during one', () => {
    const { rounds } = play([0, 6_500], { roundMs: 7_000, until: 50_000 });
    expect(startsOf(rounds)).toEqual([0, 7_000]);
  });

  it('makes no more than one round per five seconds of an hour of notifications', () => {
    const flood = Array.from({ length: 100_000 }, (_, n) => n * 36);
    const { rounds } = play(flood, { roundMs: 50, until: 3_600_000 });
    expect(rounds.length).toBeLessThanOrEqual(3_600_000 / ROUND_SPACING_MS + 1);
  });

  it('takes a round that began for another reason as the follow-up when it is late enough', () => {
    const told = afterNotification(idleGate, 0);
    const early = afterRoundEnded(afterRoundStarted(told, 30_000), 30_100, 'complete');
    expect(nextRoundAt(early, 31_000)).toBe(60_000);
    const late = afterRoundEnded(afterRoundStarted(told, 60_000), 60_100, 'complete');
    expect(nextRoundAt(late, 61_000)).toBeUndefined();
  });

  it('asks again a minute after a round that did not reach its end', () => {
    const { rounds } = play([0], { roundMs: 1_000, until: 600_000, fails: (round) => round < 2 });
    expect(startsOf(rounds)).toEqual([0, 61_000, 122_000]);
  });

  it('counts the follow-up of marks found at the start from when they came', () => {
    const found = afterNotification(idleGate, -20_000);
    const ended = afterRoundEnded(afterRoundStarted(found, 0), 1_000, 'complete');
    expect(nextRoundAt(ended, 1_000)).toBe(40_000);
  });

  it('waits for no hour that a clock set back has still to pass', () => {
    const hour = 3_600_000;
    const ran = afterRoundEnded(afterRoundStarted(afterNotification(idleGate, hour), hour), hour + 10, 'complete');
    expect(nextRoundAt(ran, 1_000)).toBe(1_000);
    expect(nextRoundAt(afterNotification(ran, 1_000), 1_000)).toBe(1_000);
  });
});

describe('whatever arrives', () => {
  const cases = fc.record({
    notifications: fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 60 }),
    roundMs: fc.integer({ min: 1, max: 30_000 }),
    failing: fc.array(fc.boolean(), { maxLength: 5 }),
  });

  it('rounds are five seconds apart, and each notification has a round after it and one a minute after the last', () => {
    fc.assert(
      fc.property(cases, ({ notifications, roundMs, failing }) => {
        const { told, rounds } = play(notifications, {
          roundMs,
          until: 2_000_000,
          fails: (round) => failing[round] === true,
        });
        expect(told).toHaveLength(notifications.length);
        startsOf(rounds).forEach((from, index) => {
          if (index > 0) expect(from - (rounds[index - 1]?.from ?? 0)).toBeGreaterThanOrEqual(ROUND_SPACING_MS);
        });
        for (const { at } of told) {
          const next = rounds.find(({ from }) => from >= at);
          expect(next?.from).toBeLessThanOrEqual(at + Math.max(ROUND_SPACING_MS, roundMs));
        }
        const last = told.at(-1)?.at;
        if (last !== undefined) {
          expect(rounds.some(({ from, complete }) => complete && from >= last + FOLLOW_UP_MS)).toBe(true);
          expect(rounds.length).toBeLessThanOrEqual(2 * told.length + failing.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
