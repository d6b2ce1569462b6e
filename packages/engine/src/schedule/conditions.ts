import type { Conditions, Undecided } from './alerts.js';
import type { SyncReport } from '../sync-report.js';
import { heldOf } from '../views/held-of.js';
import type { RunnerMemory } from './runner-memory.js';

/** No complete cycle for so many poll intervals is told to the host. */
const STALE_POLLS = 3;

/** Subscriptions take a moment to be made, and an outage of minutes is put right by the keeper itself. */
const PROBLEM_LASTS_MS = 10 * 60_000;

const credentials: ReadonlySet<string> = new Set(['graph-credentials', 'learn-amp-credentials']);

const held = ({ latest }: RunnerMemory): Conditions =>
  latest?.exitCode === 3
    ? {
        held: {
          people: latest.people.held,
          deactivations: heldOf(latest, 'deactivations'),
          creations: heldOf(latest, 'creations'),
        },
      }
    : {};

const troubles: ReadonlySet<string> = new Set(['parked', 'rejected', 'unanswered']);

/** So many reasons are told apart, the most frequent first. */
const REASONS = 5;

/** Many people for one reason are one number: `no_seats`, `CreateUser validation`. Fields and revisions are left to the report. */
const byReason = ({ attention }: SyncReport): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const { kind, reason } of attention) {
    if (!troubles.has(kind)) continue;
    const name = reason.replace(/ \(.*$| at revision .*$/, '').replace(':', '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).slice(0, REASONS));
};

const parked = ({ latest }: RunnerMemory): Conditions =>
  latest === undefined || latest.people.parked === 0
    ? {}
    : { parked: { people: latest.people.parked, ...byReason(latest) } };

const refused = ({ lastError, failures }: RunnerMemory): Conditions =>
  lastError !== null && credentials.has(lastError.code) ? { credentials: { failures } } : {};

/** Of the last cycle, whether it stopped it or was a photo's. */
const ledAway = ({ refusedLinks }: RunnerMemory): Conditions =>
  refusedLinks === undefined ? {} : { 'unsafe-link': { refused: refusedLinks.count } };

const restarted = ({ restartedRounds }: RunnerMemory): Conditions =>
  restartedRounds === undefined
    ? {}
    : {
        'restarted-round': {
          rounds: restartedRounds.length,
          starts: Math.max(...restartedRounds.map(({ starts }) => starts)),
        },
      };

/** Nothing is delivered, and ingestion goes on. Refused credentials are told by themselves. */
const undelivered = ({ delivery, failures }: RunnerMemory, now: number): Conditions => {
  if (delivery === undefined || delivery.reason === 'learn-amp-credentials') return {};
  const minutes = Math.max(0, Math.floor((now - Date.parse(delivery.since)) / 60_000));
  return delivery.reason === 'invariant-violated'
    ? { 'invariant-violated': { minutes } }
    : { 'delivery-paused': { minutes, failures } };
};

const stale = ({ completeAt, failures, delivery }: RunnerMemory, now: number, pollMs: number): Conditions => {
  if (delivery !== undefined) return {};
  const age = now - completeAt;
  return age < STALE_POLLS * pollMs ? {} : { stale: { minutes: Math.floor(age / 60_000), failures } };
};

/** A problem that is young neither begins an alert nor ends one. */
const isYoung = (problemSince: number | undefined, now: number): boolean =>
  problemSince !== undefined && now - problemSince < PROBLEM_LASTS_MS;

const notified = (problemSince: number | undefined, now: number): Conditions =>
  problemSince === undefined ? {} : { notifications: { minutes: Math.floor((now - problemSince) / 60_000) } };

/** What a person has to look at now. A paused connection is not stale, and neither is one whose first sync is under way. */
export const conditionsOf = (
  memory: RunnerMemory,
  seen: {
    readonly now: number;
    readonly pollMs: number;
    readonly resting: boolean;
    readonly problemSince: number | undefined;
    /** Days until the oldest delta link ends, where they are few. */
    readonly linkDaysLeft: number | undefined;
  },
): Conditions => ({
  ...held(memory),
  ...parked(memory),
  ...refused(memory),
  ...ledAway(memory),
  ...restarted(memory),
  ...undelivered(memory, seen.now),
  ...(seen.resting ? {} : stale(memory, seen.now, seen.pollMs)),
  ...(seen.linkDaysLeft === undefined ? {} : { 'old-links': { daysLeft: seen.linkDaysLeft } }),
  ...notified(seen.problemSince, seen.now),
});

/** An engine that has just begun knows of nothing that it ended. */
export const undecidedOf = (
  { latest, lastError }: RunnerMemory,
  problemSince: number | undefined,
  now: number,
): Undecided =>
  new Set([
    ...(latest === undefined ? (['held', 'parked'] as const) : []),
    ...(latest === undefined && lastError === null
      ? (['credentials', 'unsafe-link', 'restarted-round', 'delivery-paused', 'invariant-violated', 'stale'] as const)
      : []),
    ...(isYoung(problemSince, now) ? (['notifications'] as const) : []),
  ]);
