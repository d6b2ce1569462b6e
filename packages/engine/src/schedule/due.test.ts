import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterNotification, afterRoundEnded, afterRoundStarted, idleGate } from '../notifications/round-gate.js';
import { decideDue, type Standing } from './due.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = Date.parse('2026-03-01T00:00:00Z');

const standing = (changes: Partial<Standing> = {}): Standing => ({
  poll: { since: now - MINUTE, until: now + 4 * MINUTE },
  fullAt: now - HOUR,
  fullEveryMs: 24 * HOUR,
  gate: idleGate,
  backOff: undefined,
  paused: false,
  ...changes,
});

const wait = fc
  .record({ since: fc.integer({ min: -HOUR, max: HOUR }), lasts: fc.integer({ min: 0, max: 30 * MINUTE }) })
  .map(({ since, lasts }) => ({ since: now + since, until: now + since + lasts }));
const gate = fc.oneof(
  fc.constant(idleGate),
  fc.integer({ min: -HOUR, max: 0 }).map((at) => afterNotification(idleGate, now + at)),
  fc.integer({ min: -HOUR, max: 0 }).map((at) => afterRoundStarted(idleGate, now + at)),
  fc
    .integer({ min: -HOUR, max: 0 })
    .map((at) => afterRoundEnded(afterRoundStarted(idleGate, now + at), now, 'complete')),
);
const standings: fc.Arbitrary<Standing> = fc.record({
  poll: fc.option(wait, { nil: undefined }),
  fullAt: fc.option(
    fc.integer({ min: -48 * HOUR, max: HOUR }).map((at) => now + at),
    { nil: undefined },
  ),
  fullEveryMs: fc.constant(24 * HOUR),
  gate,
  backOff: fc.option(wait, { nil: undefined }),
  paused: fc.boolean(),
});

describe('what is due next', () => {
  it.each<[string, Partial<Standing>, { readonly inMs: number; readonly trigger: string } | undefined]>([
    ['the first cycle comes at once', { poll: undefined }, { inMs: 0, trigger: 'schedule' }],
    ['then the poll', {}, { inMs: 4 * MINUTE, trigger: 'schedule' }],
    ['a full one a day after the last', { fullAt: now - 23.99 * HOUR }, { inMs: 36_000, trigger: 'full' }],
    [
      'a poll that is due as well is part of it',
      { fullAt: now - 25 * HOUR, poll: undefined },
      { inMs: 0, trigger: 'full' },
    ],
    ['a full one where nobody knows of the last', { fullAt: undefined }, { inMs: 0, trigger: 'full' }],
    ['a notification at once', { gate: afterNotification(idleGate, now) }, { inMs: 0, trigger: 'notification' }],
    [
      'a notification 5 s after the last round began',
      { gate: afterNotification(afterRoundEnded(afterRoundStarted(idleGate, now - 2_000), now, 'complete'), now) },
      { inMs: 3_000, trigger: 'notification' },
    ],
    [
      'nothing before the end of a back-off, whatever asks for it',
      { poll: undefined, gate: afterNotification(idleGate, now), backOff: { since: now - 1, until: now + MINUTE } },
      { inMs: MINUTE, trigger: 'notification' },
    ],
    ['nothing while it is paused', { poll: undefined, paused: true }, undefined],
    [
      'a clock that was set back by a year does not make it wait for one',
      { poll: { since: now + 365 * 24 * HOUR, until: now + 366 * 24 * HOUR } },
      { inMs: 0, trigger: 'schedule' },
    ],
  ])('%s', (_what, changes, expected) => {
    const due = decideDue(standing(changes), now);
    expect(due && { inMs: due.at - now, trigger: due.trigger }).toEqual(expected);
  });

  it('is never in the past, never inside a back-off, and never later than the poll after it', () => {
    fc.assert(
      fc.property(standings, (given) => {
        const due = decideDue(given, now);
        expect(due === undefined).toBe(given.paused);
        if (due === undefined) return;
        expect(due.at).toBeGreaterThanOrEqual(now);
        const { backOff, poll } = given;
        const held = backOff !== undefined && backOff.since <= now ? Math.max(now, backOff.until) : now;
        expect(due.at).toBeGreaterThanOrEqual(held);
        const polled = poll !== undefined && poll.since <= now ? Math.max(now, poll.until) : now;
        expect(due.at).toBeLessThanOrEqual(Math.max(held, polled));
      }),
    );
  });

  it('stays what it is while time passes, until it is due', () => {
    const begun = (wait: Standing['poll']): boolean => wait === undefined || wait.since <= now;
    fc.assert(
      fc.property(standings, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        fc.pre(begun(given.poll) && begun(given.backOff) && (given.fullAt ?? now) <= now);
        const due = decideDue(given, now);
        if (due === undefined || due.at === now) return;
        const later = now + Math.floor((due.at - now) * share);
        const again = decideDue(given, later);
        expect(again?.at).toBeLessThanOrEqual(due.at);
        expect(decideDue(given, due.at)?.at).toBe(due.at);
      }),
    );
  });
});
