import type { PendingMarks } from '@learnamp/directory-sync-event-sourcing';
import type { DeliveryStanding, SyncError, SyncReport } from '../directory-sync.js';
import { afterRoundEnded, afterRoundStarted, idleGate } from '../notifications/round-gate.js';
import type { CycleRequest } from '../connection/cycle-request.js';
import { overAt, type Standing, type Wait } from './due.js';
import { backOffMs, jittered } from './waits.js';

/** What the engine remembers of one connection between its cycles. Times are milliseconds since the epoch. */
export type RunnerMemory = Omit<Standing, 'paused'> & {
  /** Failed cycles in a row. */
  readonly failures: number;
  readonly lastError: SyncError | null;
  /** When a cycle was last complete; before the first one, when the engine began. */
  readonly completeAt: number;
  readonly latest: SyncReport | undefined;
  /** Of the last cycle. */
  readonly refusedLinks?: SyncReport['refusedLinks'];
  /** As the last cycle left them. */
  readonly restartedRounds?: SyncReport['restartedRounds'];
  /** The marks that the last cycle knew of: what is counted there is not told twice. */
  readonly marks: PendingMarks | undefined;
  /** Why nothing is delivered, where that is so. */
  readonly delivery: DeliveryStanding | undefined;
};

export const newMemory = (now: number, fullEveryMs: number): RunnerMemory => ({
  poll: undefined,
  fullAt: now,
  fullEveryMs,
  gate: idleGate,
  backOff: undefined,
  failures: 0,
  lastError: null,
  completeAt: now,
  latest: undefined,
  marks: undefined,
  probe: undefined,
  delivery: undefined,
});

export const afterStart = (memory: RunnerMemory, now: number): RunnerMemory => ({
  ...memory,
  gate: afterRoundStarted(memory.gate, now),
});

type Timing = {
  readonly now: number;
  readonly pollMs: number;
  readonly random: () => number;
  /** Until when Graph asked the tenant to wait. */
  readonly throttledUntil: number;
  /** `false`: Learn Amp was not asked in this cycle whether delivery goes on. */
  readonly probed?: boolean | undefined;
};

/** Somebody ended it: the connection itself is well. */
const isStopped = ({ error }: SyncReport): boolean => error?.code === 'stopped' || error?.code === 'declined';

/** Everything was read, and Learn Amp alone does not take it: what changes is read at the usual pace, and Learn Amp is asked more rarely. */
const isDeliveryPaused = ({ delivery, error }: SyncReport): boolean =>
  delivery !== undefined && error?.code === delivery.reason;

/** Whether a cycle asks Learn Amp if delivery goes on: whenever somebody asks for it, and by itself more rarely each time. */
export const isProbed = (
  { probe, delivery }: RunnerMemory,
  { trigger, daily }: Pick<CycleRequest, 'trigger' | 'daily'>,
  now: number,
): boolean => {
  const isAskedFor = trigger === 'manual' || (trigger === 'full' && daily !== true);
  return delivery === undefined || isAskedFor || overAt(probe, now) <= now;
};

const probeAfter = (
  memory: RunnerMemory,
  report: SyncReport,
  { now, pollMs, random, probed = true }: Timing,
): Wait | undefined => {
  if (!isDeliveryPaused(report)) return undefined;
  return probed ? { since: now, until: now + backOffMs(memory.failures + 1, pollMs, random) } : memory.probe;
};

const waitAfter = (memory: RunnerMemory, report: SyncReport, { now, pollMs, random, throttledUntil }: Timing) => {
  if (report.ok || isDeliveryPaused(report)) return undefined;
  if (isStopped(report)) return memory.backOff;
  // An engine that was fenced off has not failed: it lets the other one go on, and takes over after one interval. Nor has
  // one that was asked to wait: nobody is called before that time is over, and what changes meanwhile is read as ever.
  const code = report.error?.code;
  const wait =
    code === 'fenced' || code === 'throttled'
      ? jittered(pollMs, random)
      : backOffMs(memory.failures + 1, pollMs, random);
  return { since: now, until: Math.max(now + wait, throttledUntil) };
};

const failuresAfter = (memory: RunnerMemory, report: SyncReport, probed: boolean): number => {
  if (report.ok) return 0;
  if (!probed) return memory.failures;
  return isStopped(report) || report.error?.code === 'fenced' ? memory.failures : memory.failures + 1;
};

/** `full`: it read everything, also as a first sync does. */
export const afterCycle = (memory: RunnerMemory, report: SyncReport, full: boolean, timing: Timing): RunnerMemory => {
  const { now, pollMs, random, probed = true } = timing;
  return {
    ...memory,
    poll: { since: now, until: now + jittered(pollMs, random) },
    fullAt: report.ok && full ? now : memory.fullAt,
    gate: afterRoundEnded(memory.gate, now, report.ok ? 'complete' : 'incomplete'),
    backOff: waitAfter(memory, report, timing),
    probe: probeAfter(memory, report, timing),
    delivery: isDeliveryPaused(report) ? report.delivery : undefined,
    failures: failuresAfter(memory, report, probed),
    lastError: isStopped(report) ? null : (report.error ?? null),
    completeAt: report.ok ? now : memory.completeAt,
    latest: report.ok ? report : memory.latest,
    refusedLinks: report.refusedLinks,
    restartedRounds: report.restartedRounds,
  };
};

/** What of the marks is told with the next cycle: those before are in the log already. */
export const newsOf = (memory: RunnerMemory, marks: PendingMarks | undefined) => {
  const before = memory.marks;
  if (marks === undefined || marks.sequence === before?.sequence) return undefined;
  const counted = before?.first === marks.first ? before.count : 0;
  return { count: Math.max(1, marks.count - counted), first: marks.first, last: marks.last };
};
