import { isResting } from '@learnamp/directory-sync-domain';
import type { PendingMarks } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { makeCycleQueue } from '../connection/cycle-queue.js';
import { requestOf, type CycleRequest } from '../connection/cycle-request.js';
import { nothingDone, measureCycle } from '../connection/measure-cycle.js';
import type { Connection } from '../connection/open-connection.js';
import { sideTable } from '../connection/side-table.js';
import { runSync } from '../connection/run-sync.js';
import { directorySyncOver } from '../create-directory-sync.js';
import { DirectorySyncError, type DirectorySync, type SyncOptions, type SyncReport } from '../directory-sync.js';
import { answerPersonRequests } from '../one-person/answer-person-requests.js';
import { makePersonAnswers } from '../one-person/person-answers.js';
import type { PersonCycle } from '../one-person/person-sync.js';
import { runPersonSync, type PersonRequest } from '../one-person/run-person-sync.js';
import { syncUser } from '../one-person/sync-user.js';
import { runReconcile } from '../reconcile/run-reconcile.js';
import { unforeseenError } from '../failure.js';
import { afterNotification, ROUND_SPACING_MS } from '../notifications/round-gate.js';
import { decideDue, type Due } from './due.js';
import { makeNap } from './nap.js';
import { afterDecision, makeSyncRequests } from './sync-requests.js';
import { makePhotoTurns } from './photo-turns.js';
import { linkDaysLeft } from './link-age.js';
import { afterCycle, afterStart, isProbed, newMemory, newsOf, type RunnerMemory } from './runner-memory.js';
import type { EndedCycle, EngineWorld } from './sync-engine.js';
import type { TenantSeat } from './tenant-seat.js';

const HOUR = 3_600_000;

export type RunnerOptions = {
  readonly connection: Connection;
  readonly pollMs: number;
  readonly fullEveryMs: number;
  readonly world: EngineWorld;
  readonly seat: TenantSeat;
  readonly onCycle: (cycle: EndedCycle) => void;
};

/**
 * One connection's life in a running engine: its cycles by the clock, after notifications and on request.
 * Invariants: a cycle that fails moves this connection's own next cycle and nobody else's; nothing begins once it was told
 * to stop; whatever a cycle throws ends as a report or a line in the log, never as the end of the process.
 */
export type ConnectionRunner = {
  readonly directorySync: Omit<DirectorySync, 'close'>;
  /** Begins to run by itself, so many milliseconds from now. */
  readonly start: (delayMs: number) => void;
  readonly isStarted: () => boolean;
  /** `at`: when the notification came. */
  readonly notify: (at: number) => void;
  /** Resolves when a round that began after the call is complete; rejects where it is not. */
  readonly catchUp: (signal: AbortSignal) => Promise<void>;
  /** Looks for what other processes appended. */
  readonly watch: () => Promise<void>;
  readonly memory: () => RunnerMemory;
  /** Of the oldest delta link, once few days are left of it. */
  readonly linkDaysLeft: () => number | undefined;
  readonly isBusy: () => boolean;
  /** Resolves when what was asked for so far has ended. */
  readonly idle: () => Promise<void>;
  readonly nextDue: () => Due | undefined;
  readonly isPaused: () => boolean;
  /** Ended by hand, and not connected again. */
  readonly isDisconnected: () => boolean;
  /** No new cycle; resolves when the present one has ended. */
  readonly stop: () => Promise<void>;
  /** Ends the present cycle where it stands. */
  readonly abort: () => void;
};

const scheduled = (trigger: Due['trigger'], giveWay: boolean): CycleRequest => {
  const full = trigger === 'full';
  return { trigger, full, photos: full, daily: full, actors: [], giveWay };
};

const stopped = () =>
  new DirectorySyncError('stopped', 'The engine was stopped; the next one continues where it ended.');

export const openConnectionRunner = (options: RunnerOptions): ConnectionRunner => {
  const { connection, pollMs, world, seat } = options;
  const { connectionId } = connection.options;
  const at = (): number => world.now().getTime();
  const nap = makeNap(world);
  const requests = makeSyncRequests(connection);
  const answers = makePersonAnswers(connection.options.cache, connectionId);
  let memory = newMemory(at(), options.fullEveryMs);
  let current: AbortController | undefined;
  let loop: Promise<void> | undefined;
  let stopping = false;
  let paused = false;
  let known: Awaited<ReturnType<Connection['open']>> | undefined;

  const open = async () => (known = await connection.open());
  const headNow = (): bigint | undefined => known?.state.head()?.revision;
  const nextDue = (): Due | undefined => decideDue({ ...memory, paused }, at());

  const photos = makePhotoTurns(at, (begun) => {
    const { wanted, followUpAt = Infinity } = memory.gate;
    return stopping || queue.isAwaited() || wanted || followUpAt <= at() || Math.abs(at() - begun) >= pollMs;
  });

  /** A cycle of the queue, with what surrounds it. */
  const runOne = async (request: CycleRequest): Promise<SyncReport> => {
    requests.cycleBegins();
    if (stopping) return measureCycle(connection, request)(nothingDone(stopped()));
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    if (request.signal?.aborted === true) abort();
    current = controller;
    memory = afterStart(memory, at());
    try {
      const marks = await seat.marks();
      await open().catch(() => undefined);
      const [upTo, isFirst] = [headNow(), known?.state.connection().initialSyncDone === false];
      const news = newsOf(memory, marks);
      const probed = isProbed(memory, request, at());
      const report = await runSync(connection, {
        ...request,
        // A first sync reads everything, as the daily cycle does: nobody waits a day for the avatars.
        ...photos.next({ ...request, photos: request.photos || isFirst }),
        notifications: news,
        isProbed: probed,
        signal: controller.signal,
      });
      if (report.ok || (news !== undefined && 'NotificationsReceived' in report.events)) memory = { ...memory, marks };
      if (report.ok && marks !== undefined && news !== undefined)
        connection.telemetry.record('lag', Math.max(0, at() - Date.parse(news.first)) / 1_000, {});
      await settle(report, request, { marks, upTo, isFirst, probed });
      return report;
    } finally {
      current = undefined;
      request.signal?.removeEventListener('abort', abort);
    }
  };

  const settle = async (
    report: SyncReport,
    { full }: CycleRequest,
    begun: {
      readonly marks: PendingMarks | undefined;
      readonly upTo: bigint | undefined;
      readonly isFirst: boolean;
      readonly probed: boolean;
    },
  ): Promise<void> => {
    const timing = { now: at(), pollMs, random: world.random, throttledUntil: seat.throttledUntil() };
    memory = afterCycle(memory, report, full || begun.isFirst, { ...timing, probed: begun.probed });
    // Photos that gave way go on as soon as a round may begin, however often they are made to.
    if (report.ok && photos.waits()) {
      const { startedAt: since = at() } = memory.gate;
      memory = { ...memory, poll: { since, until: since + ROUND_SPACING_MS } };
    }
    if (report.ok && begun.marks !== undefined) await seat.completed(begun.marks.sequence);
    await requests.answer(begun.upTo, report);
    const due = nextDue();
    options.onCycle({ report, nextSyncAt: due === undefined ? null : new Date(due.at).toISOString() });
  };

  const queue = makeCycleQueue(runOne);

  /** One person, in turn with the cycles. It moves nothing of the schedule. */
  const runPerson = (request: PersonRequest): Promise<PersonCycle> =>
    queue.inTurn(async () => {
      const controller = new AbortController();
      const signal = AbortSignal.any([controller.signal, ...(request.signal === undefined ? [] : [request.signal])]);
      if (stopping) controller.abort();
      current = controller;
      try {
        return await runPersonSync(connection, { ...request, signal });
      } finally {
        current = undefined;
      }
    });

  /** What nobody foresaw counts as a failed cycle: it waits, and is tried again. */
  const runSafely = async (request: CycleRequest): Promise<void> => {
    try {
      await queue.request(request);
    } catch (cause) {
      const error = unforeseenError(cause);
      connection.logger.warn({ connectionId, problem: error.message }, 'A cycle could not be run.');
      const report = measureCycle(connection, request)(nothingDone(error));
      const timing = { now: at(), pollMs, random: world.random, throttledUntil: seat.throttledUntil() };
      memory = afterCycle(memory, report, false, timing);
    }
  };

  const noticePause = (): void => {
    const now = known !== undefined && isResting(known.state.connection());
    if (now === paused) return;
    paused = now;
    if (paused) current?.abort();
    else beDue();
    seat.turned();
    nap.wake();
  };

  /** Somebody resumed the connection: it is due at once, also where it was delivery alone that had stopped. */
  const beDue = (): void => {
    memory = { ...memory, poll: undefined, backOff: undefined, probe: undefined };
    nap.wake();
  };

  /** What others appended while this engine runs. */
  connection.onOthers((events) => {
    if (loop !== undefined) for (const request of requests.askedBy(events)) void runSafely(request);
    if (loop !== undefined) answerPersonRequests(connection, events, { run: runPerson, answers });
    noticePause();
    if (events.some(({ type }) => type === 'ConnectionResumed')) beDue();
  });

  /** From the log: when everything was read last. */
  const prepare = async (): Promise<void> => {
    const { state } = await open();
    const { lastFullAt, initialSyncDone } = state.connection();
    const fullAt = lastFullAt === undefined ? undefined : Date.parse(lastFullAt);
    const completeAt = Math.min((await sideTable(connection.options).roundAt()) ?? at(), at());
    memory = { ...memory, completeAt, fullAt: initialSyncDone ? fullAt : at() };
    noticePause();
  };

  const run = async (delayMs: number): Promise<void> => {
    await nap.take(delayMs);
    let prepared = false;
    while (!stopping) {
      if (!prepared)
        prepared = await prepare().then(
          () => true,
          () => false,
        );
      if (queue.isBusy()) {
        await queue.idle();
        continue;
      }
      const due = nextDue();
      const wait = due === undefined ? HOUR : due.at - at();
      if (due === undefined || wait > 0) await nap.take(Math.min(wait, HOUR));
      else await runSafely(scheduled(due.trigger, memory.lastError?.code !== 'fenced'));
    }
  };

  const sync = async (sync: SyncOptions = {}): Promise<SyncReport> => {
    if (stopping) throw stopped();
    const request = requestOf(sync);
    const { actor } = sync;
    const isRecorded = actor !== undefined && loop !== undefined && (await requests.record(actor, request.full));
    return queue.request(isRecorded ? { ...request, actors: [] } : request);
  };

  /** What a decision in this process freed is delivered at once, where the connection runs. */
  const deliverFreed = <A>(decided: A): A => {
    if (loop !== undefined && !stopping && !paused) void runSafely(afterDecision);
    return decided;
  };

  const base = directorySyncOver(connection, queue);
  return {
    directorySync: {
      ...base,
      sync,
      syncUser: (userId, options = {}) =>
        syncUser(connection, userId, options, { run: runPerson, askOther: () => Promise.resolve(undefined) }),
      reconcile: (options = {}) => runReconcile(connection, queue, options, () => Promise.resolve(undefined)),
      approveHeld: (request) => base.approveHeld(request).then(deliverFreed),
      retry: (request) => base.retry(request).then(deliverFreed),
      pause: (by) => base.pause(by).then(open).then(noticePause),
      resume: (by) => base.resume(by).then(open).then(noticePause).then(beDue),
      disconnect: async (by) => {
        const ended = await base.disconnect(by);
        await open();
        noticePause();
        await seat.rested();
        return ended;
      },
    },
    start: (delayMs) => {
      loop ??= run(delayMs);
    },
    isStarted: () => loop !== undefined && !stopping,
    notify: (moment) => {
      memory = { ...memory, gate: afterNotification(memory.gate, moment) };
      nap.wake();
    },
    catchUp: async (signal) => {
      const report = await queue.request({ ...scheduled('notification', true), signal });
      if (!report.ok)
        throw new DirectorySyncError(report.error?.code ?? 'stopped', report.error?.message ?? 'not ended');
    },
    watch: async () => {
      if (known === undefined) return;
      if (!queue.isBusy()) await open();
      const head = await connection.stream.head()();
      if (E.isRight(head) && (head.right?.revision ?? -1n) > (headNow() ?? -1n)) await known.recorder.refresh();
      noticePause();
    },
    memory: () => memory,
    linkDaysLeft: () => linkDaysLeft(Object.values(known?.state.connection().cursors ?? {}), at()),
    isBusy: queue.isBusy,
    idle: queue.idle,
    nextDue,
    isPaused: () => paused,
    isDisconnected: () => known?.state.connection().disconnected !== undefined,
    stop: async () => {
      stopping = true;
      nap.wake();
      await loop;
      await queue.idle();
    },
    abort: () => current?.abort(),
  };
};
