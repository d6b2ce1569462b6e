import type { ObjectId, PersonPlan } from '@learnamp/directory-sync-domain';
import type { KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { admitDelivery, pauseEvents, resumeDelivery } from './deliver/delivery-pause.js';
import { deliverDecided } from './deliver/deliver-decided.js';
import { deliver, plannedCounts } from './deliver/deliver.js';
import { makeDispatcher, type Tally } from './deliver/dispatch.js';
import { observeAccounts, type AccountsLook } from './deliver/observe-accounts.js';
import { resolveUnknown } from './deliver/observe-learn-amp.js';
import { makePlanner } from './deliver/plan-now.js';
import { DirectorySyncError, type SyncOptions } from './directory-sync.js';
import { refusedHost } from './failure.js';
import { graphTimeOf, stopIfAborted, type CycleContext } from './observe/cycle-context.js';
import { observe } from './observe/observe.js';
import type { PeopleReading } from './observe/share-of-tenant.js';
import type { PhotoLane } from './photos/photo-lane.js';
import { runPhotoLane } from './photos/run-photo-lane.js';
import { causeInLog } from './telemetry/error-type.js';

export type CycleResult = {
  readonly tally: Tally;
  readonly plans: ReadonlyMap<ObjectId, PersonPlan>;
  /** People whose profile Graph would not show. */
  readonly unreadable: ReadonlySet<ObjectId>;
  /** How the people were read, where they were read from the beginning. */
  readonly reading?: PeopleReading | undefined;
  readonly error: DirectorySyncError | undefined;
  /** What the photo lane came to, where there was one. `more`: it gave its turn back. */
  readonly photos?: 'done' | 'more' | undefined;
  /** Every source was read to its end, whatever became of the rest. */
  readonly observed: boolean;
};

/** Learn Amp's side is read to its end before anything is created, in each full cycle, and whenever it is asked for. */
const looksAtEverything = ({ full, reconciles, state }: CycleContext): boolean =>
  (full || reconciles || !state.connection().initialSyncDone) && (state.inScopeCount() > 0 || state.counts().begun > 0);

const firstDispatchAhead = (context: CycleContext): boolean =>
  !context.state.connection().initialSyncDone && context.state.counts().begun === 0;

const asError = (error: unknown): DirectorySyncError => {
  if (error instanceof DirectorySyncError) return error;
  throw error;
};

/**
 * One cycle: observe and record, then plan and deliver. Whatever stops it leaves the log complete up to that point;
 * the next cycle goes on from there. A cycle that found nothing appends nothing.
 */
export const runCycle = async (
  context: CycleContext,
  options: Pick<SyncOptions, 'confirmFirstSync'> & {
    readonly keys: KeyStore;
    readonly concurrency: number;
    /** What the cycle runs under is recorded before anything else. */
    readonly recordsSettings?: boolean | undefined;
    /** Its end is recorded also where it found nothing. */
    readonly recordsEnd?: boolean | undefined;
    /** `false`: where delivery is paused, Learn Amp is not asked whether it goes on. */
    readonly isProbed?: boolean | undefined;
    /** Told what the look at everything Learn Amp lists came to, before anything is planned on it. */
    readonly onLook?: ((look: AccountsLook) => void) | undefined;
    /** Without it photos are left alone. */
    readonly photos?: Pick<PhotoLane, 'cache' | 'resumes' | 'yields'> | undefined;
  },
): Promise<CycleResult> => {
  const planner = makePlanner(context);
  const dispatcher = makeDispatcher(context, options.keys, options.concurrency);
  let error: DirectorySyncError | undefined;
  let observed = false;
  let photos: CycleResult['photos'];
  try {
    if (options.recordsSettings === true) await context.recorder.begin();
    await observe(context);
    observed = true;
    await admitDelivery(context, options.isProbed !== false);
    const look = looksAtEverything(context) ? await observeAccounts(context, planner) : undefined;
    if (look !== undefined) options.onLook?.(look);
    await resolveUnknown(context, planner, look?.isResolved);
    if (options.confirmFirstSync !== undefined && firstDispatchAhead(context)) {
      const counts = await plannedCounts(context, planner);
      const go = Object.keys(counts).length === 0 || (await options.confirmFirstSync(counts));
      if (!go)
        throw new DirectorySyncError(
          'declined',
          'The first sync was declined: nothing was sent to Learn Amp. The next sync asks again.',
        );
    }
    stopIfAborted(context);
    await deliver(context, planner, dispatcher, context.answers);
    await resumeDelivery(context);
    await complete(context, options.recordsEnd === true);
    if (options.photos !== undefined) {
      const { keys } = options;
      photos = await runPhotoLane({ cycle: context, planner, dispatcher, keys, ...options.photos });
      await complete(context, false);
    }
  } catch (caught) {
    error = asError(caught);
    await deliverDecided(context, planner, dispatcher, { error, observed, isProbed: options.isProbed });
    await recordAbort(context, error);
  }
  try {
    await planner.finish();
  } catch (caught) {
    error ??= asError(caught);
  }
  return {
    tally: dispatcher.tally,
    plans: new Map(planner.plans()),
    unreadable: context.unreadable,
    reading: context.read.people,
    error,
    observed,
    photos,
  };
};

const complete = async (context: CycleContext, always: boolean): Promise<void> => {
  const { state, recorder } = context;
  const { initialSyncDone, lastAbort, cursors } = state.connection();
  // Once a cycle: photos come behind it, so that they keep nobody's first sync open, and stand alone in some cycles.
  if (recorder.counts()['SyncCompleted'] !== undefined) return;
  if (!always && recorder.appendedInCycle() === 0 && initialSyncDone && lastAbort === undefined) return;
  const rounds = Object.keys(cursors).length;
  await recorder.record(() => [{ type: 'SyncCompleted', data: { rounds, graphTime: graphTimeOf(context) } }]);
};

const credentialCodes: ReadonlyMap<string, 'graph' | 'learn-amp'> = new Map([
  ['graph-credentials', 'graph'],
  ['learn-amp-credentials', 'learn-amp'],
]);

/** Recorded once per reason, and for a refused link once per host: an outage of a day is one event, not one a cycle. A connection that never began records nothing. */
export const recordAbort = async (context: CycleContext, error: DirectorySyncError): Promise<void> => {
  const { state, recorder } = context;
  if (state.head() === undefined || error.code === 'fenced' || error.code === 'log-unavailable') return;
  const system = credentialCodes.get(error.code);
  const host = refusedHost(error);
  const note = () => {
    const { lastAbort, lastAbortHost, credentialFailure } = state.connection();
    const failed =
      system !== undefined && credentialFailure !== `${system}:${error.code}`
        ? [{ type: 'CredentialFailed' as const, data: { system, code: error.code } }]
        : [];
    const isSame = lastAbort === error.code && lastAbortHost === host;
    const data = { reason: error.code, ...(host === undefined ? {} : { host }) };
    const aborted = isSame ? [] : [{ type: 'SyncAborted' as const, data }];
    return [...failed, ...pauseEvents(state, error), ...aborted];
  };
  // What stopped the cycle is what the caller must hear, also where it cannot be recorded any more.
  await recorder.record(note).catch((cause: unknown) => {
    context.logger.warn({ cause: causeInLog(cause) }, 'The end of this cycle could not be recorded.');
  });
};
