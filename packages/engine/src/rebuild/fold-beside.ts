import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError, type RebuildOptions } from '../directory-sync.js';
import { logError } from '../failure.js';
import { isInLog } from '../open-stream.js';
import { readStream } from '../record/read-stream.js';
import { makeEngineState, type EngineState } from '../state/engine-state.js';
import { bufferedRows } from './buffered-rows.js';
import type { Rebuilding } from './rebuilding.js';

/** A fold of the log from its first event, beside the rows that stand. */
export type FoldBeside = {
  readonly state: EngineState;
  /** What was folded, once it is caught up. */
  readonly rows: ProjectionRows;
  /** The first event that this process folded, where an earlier one had come so far. */
  readonly resumedFrom: bigint | undefined;
  /** Folds up to the head. Whatever ends it, what was folded is written. */
  readonly catchUp: () => Promise<void>;
};

const headRevision = async ({ stream }: Rebuilding): Promise<bigint> => {
  const head = await stream.head()();
  if (E.isLeft(head)) throw logError(head.left);
  return head.right?.revision ?? -1n;
};

const stopped = (state: EngineState, keeps: boolean): DirectorySyncError => {
  const next = (state.head()?.revision ?? -1n) + 1n;
  const goesOn = keeps ? ` The next rebuild goes on from revision ${next}.` : '';
  return new DirectorySyncError('stopped', `The rebuild was stopped; no row was replaced.${goesOn}`);
};

/** What a death costs at most, while nothing is being written. */
const WRITTEN_EVERY = 120_000;

/** Rows of another log are dropped, and those of somebody who died while they were written. */
const dropForeign = async ({ stream }: Rebuilding, over: ProjectionRows): Promise<void> => {
  const checkpoint = over.checkpoint();
  if (checkpoint === undefined || !(await isInLog(stream, checkpoint))) over.clear();
};

/**
 * Opens the fold over rows that may hold what an earlier process folded into them. With `keeps`, what is folded outlives
 * this process.
 */
export const foldBeside = async (
  rebuilding: Rebuilding,
  over: ProjectionRows,
  options: RebuildOptions & { readonly keeps: boolean },
): Promise<FoldBeside> => {
  const { stream, now } = rebuilding;
  await dropForeign(rebuilding, over);
  const buffered = bufferedRows(over, { slice: rebuilding.commitRows, unwritten: rebuilding.commitRows });
  const state = makeEngineState(buffered);
  const begun = state.eventCount();
  const startedAt = now().getTime();
  let writtenAt = startedAt;
  let total = Number(await headRevision(rebuilding)) + 1;

  const stopIfAborted = (): void => {
    if (options.signal?.aborted === true) throw stopped(state, options.keeps);
  };

  const tell = (done: number): void => {
    // Nobody plans on this state, and a million people are not to be remembered.
    state.forgetTouched();
    total = Math.max(total, done);
    const seconds = (now().getTime() - startedAt) / 1_000;
    const rate = seconds > 0 ? Math.round((done - begun) / seconds) : undefined;
    options.onProgress?.({ step: 'fold', done, total, rate });
    stopIfAborted();
  };

  const writeOut = async (): Promise<void> => {
    await buffered.writeOut((done, all) => options.onProgress?.({ step: 'write', done, total: all }));
    writtenAt = now().getTime();
  };

  return {
    state,
    rows: over,
    resumedFrom: begun === 0 ? undefined : (state.head()?.revision ?? 0n) + 1n,
    catchUp: async () => {
      stopIfAborted();
      try {
        for await (const { events, head } of readStream(stream, (state.head()?.revision ?? -1n) + 1n)) {
          state.apply(events, head);
          tell(state.eventCount());
          if (buffered.isFull() || now().getTime() - writtenAt >= WRITTEN_EVERY) await writeOut();
        }
      } finally {
        await writeOut();
      }
      rebuilding.check(state);
    },
  };
};
