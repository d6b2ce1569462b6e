import type { ObjectId } from '@learnamp/directory-sync-domain';
import { deliveryStanding } from '../deliver/delivery-pause.js';
import type { CycleResult } from '../cycle.js';
import type { DirectorySyncError, ErrorCode, SyncReport } from '../directory-sync.js';
import type { Recorder } from '../record/recorder.js';
import { attentionOf, commandCounts, exitCodeOf, notesOf, peopleCounts } from '../report.js';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import type { CycleRequest } from './cycle-request.js';
import type { Connection } from './open-connection.js';

export type Measured = {
  readonly recorder: Pick<Recorder, 'counts'>;
  readonly state: EngineState;
  readonly result: CycleResult;
  readonly refusedLinks?: SyncReport['refusedLinks'];
  readonly restartedRounds?: SyncReport['restartedRounds'];
};

/** A cycle that ended before it began. */
export const nothingDone = (error: DirectorySyncError, state: EngineState = makeEngineState()): Measured => ({
  recorder: { counts: () => ({}) },
  state,
  result: { tally: new Map(), plans: new Map(), unreadable: new Set<ObjectId>(), error, observed: false },
});

/** No cycle asks for a moment, or erases whom it may not. */
const codeOf = ({ code }: DirectorySyncError): ErrorCode =>
  code === 'wrong-tenant' ||
  code === 'wrong-moment' ||
  code === 'wrong-file' ||
  code === 'not-erasable' ||
  code === 'consent-answer'
    ? 'key-store-mismatch'
    : code;

/** Starts the clock and the counts of one cycle; what it returns makes the report of what happened since. */
export const measureCycle = ({ options, world }: Connection, request: CycleRequest) => {
  const startedAt = world.now();
  const graph = options.directory.requestCount();
  const learnAmp = options.learnAmp.requestCount();
  return ({ recorder, state: last, result, refusedLinks, restartedRounds }: Measured): SyncReport => {
    // Nothing can be told of a state whose rows were lost under it; the error says so.
    const state = last.isLost() ? makeEngineState() : last;
    const finishedAt = world.now();
    const attention = attentionOf(state, result.plans, result.unreadable);
    const notes = notesOf(result, options.directory.leftOut());
    const { error } = result;
    const delivery = deliveryStanding(state.connection().deliveryPaused);
    return {
      ok: error === undefined,
      exitCode: error === undefined ? exitCodeOf(state, attention) : 1,
      connectionId: options.connectionId,
      trigger: request.trigger,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      durationMs: finishedAt.getTime() - startedAt.getTime(),
      requests: {
        graph: options.directory.requestCount() - graph,
        learnAmp: options.learnAmp.requestCount() - learnAmp,
      },
      events: recorder.counts(),
      commands: commandCounts(result.tally, state, result.plans.values()),
      people: peopleCounts(state, attention),
      attention,
      ...(notes.length === 0 ? {} : { notes }),
      ...(refusedLinks === undefined ? {} : { refusedLinks }),
      ...(restartedRounds === undefined ? {} : { restartedRounds }),
      ...(delivery === undefined ? {} : { delivery }),
      ...(error === undefined ? {} : { error: { code: codeOf(error), message: error.message } }),
    };
  };
};
