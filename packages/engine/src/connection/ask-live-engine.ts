import { isResting } from '@learnamp/directory-sync-domain';
import { setTimeout as wait } from 'node:timers/promises';
import { DirectorySyncError, type SyncOptions, type SyncReport } from '../directory-sync.js';
import { requestOf } from './cycle-request.js';
import { readLiveness } from './live.js';
import { measureCycle, nothingDone } from './measure-cycle.js';
import type { Connection } from './open-connection.js';
import { readAnswer } from './sync-answers.js';

const LOOK_EVERY_MS = 250;

/** Records the request, and resolves with its revision. */
const recordRequest = async ({ open }: Connection, sync: SyncOptions): Promise<bigint | undefined> => {
  const { state, recorder } = await open();
  await recorder.refresh();
  if (state.head() === undefined || isResting(state.connection())) return undefined;
  const full = sync.full === true ? { full: true } : {};
  await recorder.administer(() => [{ type: 'SyncRequested', data: { actor: sync.actor ?? 'unknown', ...full } }]);
  return state.head()?.revision;
};

/**
 * Asks the engine that runs the connection in another process, and waits for the report of the cycle that took it up.
 * `undefined`: none runs, or it went away before it answered; then the caller syncs by itself.
 */
export const askLiveEngine = async (connection: Connection, sync: SyncOptions): Promise<SyncReport | undefined> => {
  const { options, world } = connection;
  const liveness = () => readLiveness(options.cache, options.connectionId, world.now());
  if (!(await liveness()).running) return undefined;
  const asked = await recordRequest(connection, sync).catch((error: unknown) => {
    // A log that cannot be read is the outcome of the caller's own cycle, which reports it.
    if (error instanceof DirectorySyncError && error.code !== 'wrong-tenant') return undefined;
    throw error;
  });
  const report = measureCycle(connection, requestOf(sync));
  while (asked !== undefined && sync.signal?.aborted !== true) {
    const { running, waitingUntil } = await liveness();
    if (!running) break;
    const answer = await readAnswer(options.cache, options.connectionId, asked);
    if (answer !== undefined) return answer;
    if (waitingUntil !== null && Date.parse(waitingUntil) - world.now().getTime() > (sync.patienceMs ?? Infinity))
      return report(nothingDone(waits(waitingUntil), await connection.present()));
    await wait(LOOK_EVERY_MS);
  }
  return undefined;
};

const waits = (until: string): DirectorySyncError =>
  new DirectorySyncError(
    'throttled',
    `The engine that runs this connection waits until ${until}; the sync was asked of it and comes after that.`,
  );
