import type { Command, CommandId, CommandKind, ObjectId, Outcome } from '@learnamp/directory-sync-domain';
import { isApproved, mayBeDispatched, plannerVersion, subjectOf, takesSeat } from '@learnamp/directory-sync-domain';
import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { chunksOf } from '../chunks-of.js';
import type { DirectorySyncError } from '../directory-sync-error.js';
import { learnAmpError, logError } from '../failure.js';
import { graphTimeOf, stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import { fenced, type Pending } from '../record/recorder.js';
import { endsRun, IN_A_ROW, unanswered } from './answers.js';
import { checkDispatch } from './check-dispatch.js';
import { dispatched } from './command-id.js';
import { resumeDelivery } from './delivery-pause.js';
import { executeSafely, type Outcomes } from './execute-safely.js';
import { groupsOf } from './groups.js';
import { makeLearnt } from './learnt-events.js';
import { observeByLink, type LookEvents } from './observe-learn-amp.js';
import { makeReceiptBuffer } from './receipt-buffer.js';
import { receiptEvents } from './receipt-events.js';
import { runWindow } from './send-window.js';
import { tallyOutcome, type Tally } from './tally.js';
import { toldOf } from './told-of.js';

export type { Tally } from './tally.js';

/** Commands of one subject, in the order they are sent. */
export type Job = { readonly subject: string; readonly commands: ReadonlyArray<Command> };

/** Where commands go, and where what became of them is recorded. */
export type Sender = {
  /**
   * Resolves when everybody's were tried. Who got no answer stands in the cycle's `answers` and keeps nobody else; rejects with
   * what ends the run: a refusal of the credentials, a wait that was asked for, or no answer for many in a row.
   */
  readonly send: (jobs: ReadonlyArray<Job>) => Promise<void>;
  /**
   * Looks at managers whom Learn Amp refused as inactive though they were believed active, and records what that shows; `false`:
   * there were none.
   */
  readonly observeDoubted: (eventsOf: LookEvents) => Promise<boolean>;
};

export type Dispatcher = Sender & { readonly tally: Tally };

type Sent = ReturnType<typeof dispatched>;
type Ready = { readonly subject: string; readonly sent: ReadonlyArray<Sent> };

/** Commands of one `CommandsDispatched`. */
const ITEMS = 100;
/** Commands that are recorded in one append ahead of sending: more where one call takes many people. */
const AHEAD = { one: ITEMS, many: 5 * ITEMS };
/** People in one call of a port that takes many. */
const EACH = 50;

/** Held, decided against or erased since it was planned: whoever decides does not wait for a cycle to end. */
const isStopped = ({ state }: CycleContext, command: Command): boolean =>
  command.kind !== 'EnsureTeam' &&
  (state.person(command.userId)?.erased === true || !mayBeDispatched(state.delivered(command.userId), command.kind));

/** An item that any approval names is no part of what the hold counts; only one by name lets an owner or admin go. */
const itemOf =
  ({ state }: Pick<CycleContext, 'state'>) =>
  ({ commandId, mac, command }: Sent) => ({
    commandId,
    subject: subjectOf(command),
    kind: command.kind,
    mac,
    ...(command.kind !== 'EnsureTeam' && isApproved(state.delivered(command.userId), command.kind)
      ? { approved: true as const }
      : {}),
  });

/** One run of `send`: what is left to record and to send, and what ended it. */
type Run = { failure: DirectorySyncError | undefined; readonly total: number; readonly noSeatsSince: string };

/**
 * Appends `CommandsDispatched`, sends, and appends what came back, in a rolling window: strict within a person, and nobody
 * waits for the slowest of others.
 */
export const makeDispatcher = (cycle: CycleContext, keys: KeyStore, concurrency: number): Dispatcher => {
  const { answers, learnAmp, logger, recorder, signal, state, telemetry } = cycle;
  const tally: Tally = new Map();
  const unsupported = new Set<CommandKind>(state.connection().unsupported);
  const doubted = new Set<ObjectId>();
  const succeeded = new Set<CommandId>();
  const learnt = makeLearnt(cycle, unsupported);
  const connectionOwner = `connection:${cycle.connectionId}`;
  const takesMany = learnAmp.executeAll !== undefined;
  let done = 0;

  const ownerOf = ({ commands: [first], subject }: Job): string =>
    first?.kind === 'EnsureTeam' ? connectionOwner : subject;

  const keysOf = async (jobs: ReadonlyArray<Job>): Promise<ReadonlyMap<string, DataKey>> => {
    const found = await keys.current([...new Set(jobs.map(ownerOf))])();
    if (E.isLeft(found)) throw logError(found.left);
    return found.right;
  };

  /** Since this run began Learn Amp said that it has no seat left: those behind are not sent to be refused alike. */
  const lacksSeat = ({ noSeatsSince }: Run, { kind }: Command): boolean => {
    const now = state.connection().noSeatsSince;
    return takesSeat(kind) && now !== '' && now !== noSeatsSince;
  };

  /** Up to the first that may not go out any more: what follows rests on it. */
  const readyOf = (run: Run, job: Job, key: DataKey | undefined): Ready => {
    const end = job.commands.findIndex((command) => isStopped(cycle, command) || lacksSeat(run, command));
    const going = end < 0 ? job.commands : job.commands.slice(0, end);
    return { subject: job.subject, sent: key === undefined ? [] : going.map((each) => dispatched(cycle, each, key)) };
  };

  /** Records a group: named, and looked at once more, where it is appended, since others may have recorded something meanwhile. */
  const recordGroup = async (run: Run, jobs: ReadonlyArray<Job>): Promise<ReadonlyArray<Ready>> => {
    stopIfAborted(cycle);
    const found = await keysOf(jobs);
    const { preferences } = cycle;
    const check = { state, preferences, isOvertaken: recorder.isOvertaken, succeeded };
    const graphTime = graphTimeOf(cycle);
    let ready: ReadonlyArray<Ready> = [];
    await recorder.begin();
    await recorder.record(() => {
      // Another engine has it: that is no fault of this one, and ends it as it ends any append.
      if (recorder.isOvertaken()) throw fenced();
      ready = jobs.map((job) => readyOf(run, job, found.get(ownerOf(job)))).filter(({ sent }) => sent.length > 0);
      const all = ready.flatMap(({ sent }) => sent);
      checkDispatch(check, all);
      return chunksOf(all, ITEMS).map((part) => ({
        type: 'CommandsDispatched' as const,
        data: { plannerVersion, graphTime, items: part.map(itemOf(cycle)) },
      }));
    });
    return ready;
  };

  const noteOutcome = (run: Run, subject: string, { command, commandId }: Sent, outcome: Outcome): void => {
    const about = command.kind === 'EnsureTeam' ? 'team' : undefined;
    if (outcome._tag === 'Unknown') answers.missed(subject, unanswered(), about);
    else if (outcome._tag !== 'Failed') answers.heard();
    else if (endsRun(outcome.failure)) run.failure ??= learnAmpError(outcome.failure);
    else answers.missed(subject, learnAmpError(outcome.failure), about);
    if (outcome._tag === 'Succeeded') succeeded.add(commandId);
    if (outcome._tag === 'Unsupported') unsupported.add(command.kind);
    if (outcome._tag === 'Deferred' && command.kind === 'SetOverrideManager') doubted.add(command.managerUserId);
  };

  const eventsOf = (run: Run, { subject, sent }: Ready, outcomes: Outcomes): ReadonlyArray<Pending> => {
    const graphTime = graphTimeOf(cycle);
    return sent.flatMap((each, at) => {
      const outcome = outcomes[at];
      tallyOutcome(tally, each.command.kind, outcome);
      if (outcome === undefined) return [];
      noteOutcome(run, subject, each, outcome);
      return [...receiptEvents(each, outcome, graphTime), ...learnt(each, outcome)];
    });
  };

  const recordUnsupported = async (): Promise<void> => {
    if (unsupported.size === state.connection().unsupported.length) return;
    const known = [...unsupported].sort();
    await recorder.record(() => [{ type: 'LearnAmpCapabilitiesObserved', data: { unsupported: known } }]);
  };

  /** A call that was broken off looks like one without an answer. */
  const endedBy = (run: Run): DirectorySyncError | undefined => {
    const ended = run.failure ?? answers.ended();
    if (ended !== undefined) stopIfAborted(cycle);
    return ended;
  };

  const sendAll = async (jobs: ReadonlyArray<Job>): Promise<void> => {
    const total = done + jobs.reduce((sum, { commands }) => sum + commands.length, 0);
    const run: Run = { failure: undefined, total, noSeatsSince: state.connection().noSeatsSince };
    const groups = groupsOf(jobs, takesMany ? AHEAD.many : AHEAD.one, ({ commands }) => commands.length)[
      Symbol.iterator
    ]();
    const receipts = makeReceiptBuffer(recorder.record, cycle.now);
    try {
      await runWindow<Ready>({
        atOnce: concurrency,
        each: takesMany ? EACH : 1,
        isOver: () => run.failure !== undefined || answers.ended() !== undefined || signal?.aborted === true,
        onIdle: receipts.flush,
        next: async () => {
          const group = groups.next();
          return group.done === true ? undefined : recordGroup(run, group.value);
        },
        run: async (ready) => {
          const calls = ready.map(({ sent }) => sent);
          const answered = await toldOf(telemetry, calls, () => executeSafely(learnAmp, calls, { signal, logger }));
          for (const [at, subject] of ready.entries()) {
            receipts.add(eventsOf(run, subject, answered[at] ?? []));
            done += subject.sent.length;
          }
          cycle.progress({ step: 'deliver', done, total: run.total });
        },
      });
    } finally {
      await receipts.drained();
      await recordUnsupported();
    }
    const ended = endedBy(run);
    if (ended !== undefined) throw ended;
    stopIfAborted(cycle);
  };

  return {
    tally,
    observeDoubted: async (eventsOf) => {
      const taken = [...doubted];
      doubted.clear();
      await observeByLink(cycle, taken, eventsOf);
      return taken.length > 0;
    },
    send: async (jobs) => {
      if (jobs.length === 0) return;
      if (state.connection().deliveryPaused === undefined) return sendAll(jobs);
      // Whether Learn Amp is there again is shown by a few, before anybody else is marked as sent.
      const first = jobs.slice(0, IN_A_ROW);
      await sendAll(first);
      if (first.some(({ subject }) => !answers.isMissing(subject))) await resumeDelivery(cycle);
      await sendAll(jobs.slice(IN_A_ROW));
    },
  };
};

export const jobOf = (userId: ObjectId, commands: ReadonlyArray<Command>): Job => ({ subject: userId, commands });
