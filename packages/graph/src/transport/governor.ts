/**
 * The throttle governor of one Entra tenant: everything that asks Graph in that tenant's name goes through it, whatever
 * connection or reader it belongs to. Graph counts per app and tenant, and goes on counting while it throttles
 * (https://learn.microsoft.com/graph/throttling), so one reader that ignores a wait makes it longer for all.
 *
 * Guarantees: nothing is sent before the latest `Retry-After` has passed; while Graph fails or throttles without saying for
 * how long, the pauses grow (with full jitter) for all together, and after `troubleAfter` failures in a row one request at
 * a time feels the way; close to the limit requests are spread; more urgent work goes first, and of equally urgent work
 * the readers take turns. A governor knows nothing of
 * any other: no tenant waits for another one's throttling.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { GraphFailure, Priority } from '../directory-source.js';
import type { GraphWorld } from '../graph-settings.js';
import type { Patience } from './patience.js';
import { backoffMs } from './retry-policy.js';
import { makeThrottleGate } from './throttle-gate.js';
import type { ThrottleGate } from './throttle-gate.js';
import { makeThrottleMeter } from './throttle-meter.js';
import type { MeterReading } from './throttle-meter.js';
import { makeTurnQueue } from './turn-queue.js';
import type { QueueLimits, Ticket } from './turn-queue.js';
import { passGate, throttledUntil } from './until-settled.js';

/** What became of a request, as far as the tenant's other requests are concerned. */
export type TurnReport =
  | { readonly _tag: 'Answered' }
  | { readonly _tag: 'Throttled'; readonly waitMs: number | undefined }
  | { readonly _tag: 'Unreachable' }
  /** Was not sent, or was aborted: says nothing about Graph. */
  | { readonly _tag: 'Unsent' };

/** The right to send one request. `leave` is called exactly when the attempt is over. */
export type Turn = { readonly leave: (report: TurnReport) => void };

/** For a status page. Counts since the governor was made. */
export type GovernorSnapshot = MeterReading & {
  /** Until when nothing is sent; `undefined` while the gate is open. */
  readonly closedUntil: string | undefined;
  readonly inFlight: number;
  readonly queued: Readonly<Record<Priority, number>>;
  readonly requests: number;
  /** Attempts without a usable answer, one after the other; 0 once something was answered. */
  readonly failuresInARow: number;
};

export type Governor = ThrottleGate & {
  /** Waits for the gate, for the turn, and for the distance to the request before. */
  readonly enter: (priority: Priority, patience: Patience, reader?: string) => Promise<E.Either<GraphFailure, Turn>>;
  /** Reads the headers of an answer, or of an item of a batch. */
  readonly observe: (status: number, headers: Headers) => void;
  /** Something was throttled without a word for how long, outside a turn: an item of a batch. */
  readonly backOff: () => void;
  readonly snapshot: () => GovernorSnapshot;
};

export type GovernorOptions = Pick<GraphWorld, 'now' | 'sleep' | 'random'> & {
  /** What a governor of this tenant was told in an earlier process: a restart is no reason to hammer. */
  readonly closedUntil?: Date | undefined;
  /** Told each time the gate closes for longer, to be remembered beyond this process. */
  readonly onClosed?: ((until: Date) => void) | undefined;
  readonly limits?: Partial<QueueLimits> | undefined;
};

const LIMITS: QueueLimits = { mostAtOnce: 8, mostQueued: 1_000, agesAfterMs: 60_000 };
/** From so many failures in a row on, the trouble is Graph's and not of one request. */
const TROUBLE_AFTER = 5;

/**
 * A governor for one Entra tenant, to be shared by everything that opens a transport to it.
 *
 * @example
 * const governor = makeGovernor({ now, sleep, random });
 * const transport = openGraphTransport(settings, { ...world, governor });
 * governor.snapshot().closedUntil; // undefined, or the time until which Graph asked to wait
 */
export const makeGovernor = (options: GovernorOptions): Governor => {
  const at = (): number => options.now().getTime();
  const gate = makeThrottleGate(options.now, options.closedUntil);
  const meter = makeThrottleMeter(at);
  let requests = 0;
  let streak = 0;
  /** Failures of requests that were under way together count once: eight at once are no eight in a row. */
  let generation = 0;
  let pausedUntil = 0;
  let nextStart = 0;
  let spacedAt = 0;
  const queue = makeTurnQueue(at, { ...LIMITS, ...options.limits }, () =>
    streak < TROUBLE_AFTER ? Number.MAX_SAFE_INTEGER : 1,
  );

  const closeFor = (milliseconds: number): void => {
    const before = gate.closedUntil();
    gate.closeFor(milliseconds);
    if (gate.closedUntil() > before) options.onClosed?.(new Date(gate.closedUntil()));
  };

  const pause = (failures: number): void => {
    pausedUntil = Math.max(pausedUntil, at() + backoffMs(failures, options.random));
  };

  const fail = (throttled: boolean, begunIn: number): void => {
    if (begunIn === generation) {
      generation += 1;
      streak += 1;
    }
    if (throttled || streak >= TROUBLE_AFTER) pause(Math.max(0, streak - 1));
  };

  const heed = (report: TurnReport, begunIn: number): void => {
    switch (report._tag) {
      case 'Answered':
        // An answer to what began before the last failure says nothing about the time after it.
        if (begunIn !== generation) return;
        streak = 0;
        pausedUntil = 0;
        return;
      case 'Throttled':
        if (report.waitMs === undefined) fail(true, begunIn);
        else closeFor(report.waitMs);
        return;
      case 'Unreachable':
        fail(false, begunIn);
        return;
      case 'Unsent':
        return;
    }
  };

  /** A pause nobody asked for never costs a request its last try: it takes what patience is left, no more. */
  const pauseFor = (patience: Patience): number => Math.max(0, Math.min(pausedUntil - at(), patience.left()));

  /** Sleeps until the gate is open, then waits for its turn; again where the gate was closed meanwhile. */
  const awaitTurn = async (ticket: Ticket, patience: Patience): Promise<E.Either<GraphFailure, void>> => {
    for (;;) {
      ticket.waitAtGate();
      const open = await passGate({ gate, patience, world: options });
      if (E.isLeft(open)) return open;
      const passedAt = gate.closedUntil();
      const wait = pauseFor(patience);
      ticket.passedGate(wait > 0);
      if (wait > 0) await patience.pause(wait);
      await ticket.turn(patience.signal);
      if (gate.closedUntil() === passedAt) return E.right(undefined);
      ticket.giveBack();
    }
  };

  const keepDistance = async (signal: AbortSignal): Promise<void> => {
    const now = at();
    // A clock that was set back: the distance to the request before is not known, and no reason to wait for days.
    const start = now < spacedAt ? now : Math.max(now, nextStart);
    spacedAt = now;
    nextStart = start + meter.spacingMs();
    if (start > now) await options.sleep(start - now, signal);
  };

  const enter: Governor['enter'] = async (priority, patience, reader): Promise<E.Either<GraphFailure, Turn>> => {
    const ticket = queue.join(priority, reader);
    if (ticket === undefined) return throttledUntil(Math.max(gate.closedUntil(), at() + 1_000));
    try {
      const open = await awaitTurn(ticket, patience);
      if (E.isLeft(open)) {
        ticket.leave();
        return open;
      }
      await keepDistance(patience.signal);
    } catch (cause) {
      ticket.leave();
      throw cause;
    }
    requests += 1;
    const begunIn = generation;
    const leave = (report: TurnReport): void => {
      // First what it means for the others, then the turn: nobody slips through before the gate is closed.
      heed(report, begunIn);
      ticket.leave();
    };
    return E.right({ leave });
  };

  return {
    closedUntil: gate.closedUntil,
    closeFor,
    enter,
    observe: meter.observe,
    backOff: () => fail(true, generation),
    snapshot: () => ({
      ...meter.read(),
      closedUntil: gate.closedUntil() > at() ? new Date(gate.closedUntil()).toISOString() : undefined,
      inFlight: queue.inFlight(),
      queued: queue.queued(),
      requests,
      failuresInARow: streak,
    }),
  };
};
