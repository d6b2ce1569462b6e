import type { FoldView } from '@learnamp/directory-sync-event-sourcing';
import { setImmediate } from 'node:timers/promises';
import type { RebuildOptions, RebuildReport } from '../directory-sync.js';
import { stateDigest } from '../state/state-digest.js';
import { foldVersion } from '../state/tables.js';
import { foldBeside, type FoldBeside } from './fold-beside.js';
import { keptFolds } from './kept-folds.js';
import type { Rebuilding } from './rebuilding.js';
import { replaceDiffering, takeOver } from './replace-rows.js';
import { isRowsLost, verifyRows } from './verify-rows.js';

type Outcome = Pick<RebuildReport, 'differences' | 'first' | 'replaced'>;

const reportOf = ({ now }: Rebuilding, fold: FoldBeside, startedAt: Date, outcome: Outcome): RebuildReport => {
  const head = fold.state.head();
  const events = fold.state.eventCount();
  const durationMs = now().getTime() - startedAt.getTime();
  const folded = events - Number(fold.resumedFrom ?? 0n);
  return {
    events,
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    stateDigest: stateDigest(fold.state),
    durationMs,
    ...(durationMs === 0 ? {} : { eventsPerSecond: Math.round((folded * 1_000) / durationMs) }),
    ...(fold.resumedFrom === undefined ? {} : { resumedFrom: fold.resumedFrom.toString() }),
    ...outcome,
  };
};

/** What nobody shows any more is removed slice by slice, so that nobody waits for it. */
export const sweepFolds = async (
  { projections, stream }: Rebuilding,
  folds: ReadonlyArray<FoldView>,
): Promise<void> => {
  const isKept = keptFolds(folds, foldVersion);
  await projections.discard(stream.name, isKept);
  while (await projections.sweep()) await setImmediate();
};

const replaceBy = async (rebuilding: Rebuilding, options: RebuildOptions): Promise<RebuildReport> => {
  const { stream, projections, now } = rebuilding;
  const startedAt = now();
  const beside = await projections.beside({ name: stream.name, version: foldVersion });
  const fold = await foldBeside(rebuilding, beside, { ...options, keeps: true });
  await fold.catchUp();
  // What is told is of this moment: what others append meanwhile is folded before the rows take over.
  const report = reportOf(rebuilding, fold, startedAt, {});
  const one =
    options.projection === undefined ? undefined : await replaceDiffering(rebuilding, fold, options.projection);
  const replaced = one ?? (await takeOver(fold, beside));
  if (replaced !== 'all') beside.clear();
  await sweepFolds(rebuilding, await projections.folds(stream.name));
  return { ...report, durationMs: now().getTime() - startedAt.getTime(), replaced };
};

const verify = async (rebuilding: Rebuilding, options: RebuildOptions): Promise<RebuildReport> => {
  const startedAt = rebuilding.now();
  const scratch = await rebuilding.projections.scratch();
  try {
    const fold = await foldBeside(rebuilding, scratch.rows, { ...options, keeps: false });
    await fold.catchUp();
    const { count, first } = await verifyRows(rebuilding, fold, fold.catchUp, options);
    return reportOf(rebuilding, fold, startedAt, { differences: count, first });
  } finally {
    scratch.close();
  }
};

/**
 * Folds the log from its first event into rows beside those that stand, and puts them in their place in one step, or with
 * `verify` compares. Whoever died or was stopped on the way has replaced nothing, and the next rebuild goes on from there.
 */
export const rebuildRows = async (rebuilding: Rebuilding, options: RebuildOptions): Promise<RebuildReport> => {
  if (options.verify === true) return verify(rebuilding, options);
  try {
    return await replaceBy(rebuilding, options);
  } catch (error) {
    // The file was damaged, and begun again under it: which is what a rebuild is for.
    if (!isRowsLost(error)) throw error;
    return replaceBy(rebuilding, options);
  }
};
