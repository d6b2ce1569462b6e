import { runCycle, type CycleResult } from '../cycle.js';
import { DirectorySyncError, type SyncReport } from '../directory-sync.js';
import type { ConnectionState } from '@learnamp/directory-sync-domain';
import { sideTable } from './side-table.js';
import { cycleContextOf } from './cycle-context-of.js';
import { cycleHeader, isNewsToRefused } from './cycle-header.js';
import type { CycleRequest } from './cycle-request.js';
import { lowPriority } from './low-priority.js';
import { measureCycle, nothingDone } from './measure-cycle.js';
import { makeRefusedLinks } from '../refused-links/refused-links.js';
import { readRestartedRounds } from '../observe/begun-rounds.js';
import { eraseLeavers } from '../personal-data/erase-leavers.js';
import { tryToFinishErasures } from '../personal-data/finish-erasures.js';
import type { Connection, OpenState } from './open-connection.js';
import { whyNotBegin } from './why-not-begin.js';

export const CONCURRENCY = 6;

/** Connected again: both sides are read from the beginning, whoever asked for what. */
const fullWhereDue = (request: CycleRequest, { fullDue }: ConnectionState): CycleRequest =>
  fullDue ? { ...request, full: true, trigger: 'full' } : request;

/** Folded up to what anybody appended; what keeps it from that is the cycle's outcome, unless the log is another tenant's. */
export const ready = async (
  connection: Connection,
  request: Pick<CycleRequest, 'onProgress'>,
): Promise<OpenState | DirectorySyncError> => {
  try {
    const open = await connection.open((done) => request.onProgress?.({ step: 'fold', done, total: undefined }));
    await open.recorder.refresh();
    await tryToFinishErasures(connection, open.state);
    return open;
  } catch (error) {
    if (!(error instanceof DirectorySyncError) || error.code === 'wrong-tenant') throw error;
    return error;
  }
};

type Ended = { readonly report: SyncReport; readonly lostRows: boolean };

const over = (report: SyncReport): Ended => ({ report, lostRows: false });

const isWholeFull = (request: CycleRequest, { error }: CycleResult): boolean => request.full && error === undefined;

const runOnce = (connection: Connection, asked: CycleRequest): Promise<Ended> =>
  connection.telemetry.cycle(asked.trigger, () => runAsked(connection, asked));

const runAsked = async (connection: Connection, asked: CycleRequest): Promise<Ended> => {
  const { options, world, logger } = connection;
  const report = measureCycle(connection, asked);
  connection.telemetry.recall(await sideTable(options).roundAt());
  const open = await ready(connection, asked);
  if (open instanceof DirectorySyncError) return over(report(nothingDone(open)));
  const { state, recorder } = open;
  const request = fullWhereDue(asked, state.connection());
  const against = await whyNotBegin(connection, open, request);
  if (against !== undefined) return over(report(nothingDone(against, state)));
  const recordsSettings = await isNewsToRefused(options, state);
  recorder.openCycle(await cycleHeader(options, state, options.keys, request), world.newId());
  const { photoLane } = request;
  const refused = makeRefusedLinks(options, world.now);
  const watched = refused.watch(options.directory);
  const directory = request.daily === true ? lowPriority(watched) : watched;
  const context = cycleContextOf(connection, open, request, { directory });
  const result = await runCycle(context, {
    confirmFirstSync: request.confirmFirstSync,
    recordsSettings,
    recordsEnd: request.daily === true,
    isProbed: request.isProbed,
    onLook: request.onLook,
    keys: options.keys,
    photos: request.photos
      ? { cache: options.cache, resumes: photoLane?.resumes, yields: photoLane?.yields ?? (() => false) }
      : undefined,
    concurrency: options.concurrency ?? CONCURRENCY,
  });
  if (result.photos !== undefined) photoLane?.onEnd(result.photos);
  if (isWholeFull(request, result)) await eraseLeavers(connection, open, context.clock.graphTime);
  const restartedRounds = await readRestartedRounds(options);
  const made = report({ recorder, state, result, refusedLinks: refused.counted(), restartedRounds });
  await refused.keep();
  state.rest();
  await sideTable(options).put(made, result.observed);
  connection.telemetry.stands(made, result.observed);
  logger.info({ exitCode: made.exitCode, events: made.events, requests: made.requests }, 'sync finished');
  return { report: made, lostRows: state.isLost() };
};

/**
 * One cycle, from the fold to the report of it. Rows that turn out to be lost or altered on the way cost a fold, not the
 * cycle: it begins once more, and goes on from what it has recorded.
 */
export const runSync = async (connection: Connection, request: CycleRequest): Promise<SyncReport> => {
  const { report, lostRows } = await runOnce(connection, request);
  if (!lostRows || report.ok) return report;
  connection.logger.warn({ connectionId: report.connectionId }, 'Rows of the local database were lost: folded anew.');
  return (await runOnce(connection, request)).report;
};
