import { isResting, type ObjectId } from '@learnamp/directory-sync-domain';
import { setTimeout as wait } from 'node:timers/promises';
import { readLiveness } from '../connection/live.js';
import { measureCycle, nothingDone } from '../connection/measure-cycle.js';
import type { Connection } from '../connection/open-connection.js';
import { DirectorySyncError } from '../directory-sync.js';
import { readPersonAnswer } from './person-answers.js';
import type { PersonCycle, PersonSyncOptions } from './person-sync.js';

const LOOK_EVERY_MS = 250;
/** An engine that is idle for so many looks did not take the request up: it was started between the two. */
const IDLE_LOOKS = 80;

const recordRequest = async (
  { open }: Connection,
  userId: ObjectId,
  { by }: PersonSyncOptions,
): Promise<bigint | undefined> => {
  const { state, recorder } = await open();
  await recorder.refresh();
  if (state.head() === undefined || isResting(state.connection())) return undefined;
  await recorder.administer(() => [{ type: 'SyncRequested', data: { actor: by?.actor ?? 'unknown', userId } }]);
  return state.head()?.revision;
};

const notTaken = (): DirectorySyncError =>
  new DirectorySyncError('stopped', 'The engine that runs this connection did not take the request up: ask again.');

const waitsUntil = (until: string): DirectorySyncError =>
  new DirectorySyncError(
    'throttled',
    `The engine that runs this connection waits until ${until}; the person was asked of it and comes after that.`,
  );

/**
 * Asks the engine that runs the connection in another process for one person, and waits for its answer. `undefined`: none runs,
 * or it went away before it answered; then the caller does it by itself.
 */
export const askEngineForPerson = async (
  connection: Connection,
  userId: ObjectId,
  sync: PersonSyncOptions,
): Promise<PersonCycle | undefined> => {
  const { options, world } = connection;
  const liveness = () => readLiveness(options.cache, options.connectionId, world.now());
  if (!(await liveness()).running) return undefined;
  const report = measureCycle(connection, { trigger: 'manual', full: false, photos: false, actors: [] });
  const asked = await recordRequest(connection, userId, sync);
  const failed = async (error: DirectorySyncError): Promise<PersonCycle> => ({
    userId,
    outcome: 'undecided',
    conclusion: error.message,
    report: report(nothingDone(error, await connection.present())),
    steps: [],
    correlationId: '',
  });
  let idle = 0;
  while (asked !== undefined && sync.signal?.aborted !== true) {
    const { running, cycle, waitingUntil } = await liveness();
    if (!running) break;
    const answer = await readPersonAnswer(options.cache, options.connectionId, asked);
    if (answer !== undefined) return answer;
    if (waitingUntil !== null && Date.parse(waitingUntil) - world.now().getTime() > (sync.patienceMs ?? Infinity))
      return failed(waitsUntil(waitingUntil));
    idle = cycle === 'idle' ? idle + 1 : 0;
    if (idle > IDLE_LOOKS) return failed(notTaken());
    await wait(LOOK_EVERY_MS);
  }
  return undefined;
};
