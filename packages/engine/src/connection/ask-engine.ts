import { isResting, type ObjectId } from '@learnamp/directory-sync-domain';
import { setTimeout as wait } from 'node:timers/promises';
import { DirectorySyncError, type SyncOptions } from '../directory-sync.js';
import { readLiveness } from './live.js';
import type { Connection } from './open-connection.js';

const LOOK_EVERY_MS = 250;

/** What is asked of the engine that runs a connection in another process, and how its answer is found. */
export type Question<Answer> = {
  readonly actor: string;
  readonly wish: { readonly full?: true } | { readonly userId: ObjectId };
  /** What the engine left for the request of this revision; `undefined`: nothing yet. */
  readonly answerTo: (asked: bigint) => Promise<Answer | undefined>;
  /** What the caller is told instead of an answer. */
  readonly without: (error: DirectorySyncError) => Promise<Answer>;
  readonly waitsFor: 'person' | 'sync';
  /** An engine that is idle for so many looks did not take the request up, and does not any more. Default: it comes to it. */
  readonly idleLooks?: number | undefined;
};

type Waiting = Pick<SyncOptions, 'signal' | 'patienceMs'>;

const subjects = { person: 'the person was', sync: 'the sync was' } as const;

const waitsUntil = (until: string, waitsFor: keyof typeof subjects): DirectorySyncError =>
  new DirectorySyncError(
    'throttled',
    `The engine that runs this connection waits until ${until}; ${subjects[waitsFor]} asked of it and comes after that.`,
  );

const notTaken = (): DirectorySyncError =>
  new DirectorySyncError('stopped', 'The engine that runs this connection did not take the request up: ask again.');

/** Records the request, and resolves with its revision; `undefined`: there is nothing to ask, or it cannot be recorded. */
const recordRequest = async (
  { open }: Connection,
  { actor, wish }: Pick<Question<unknown>, 'actor' | 'wish'>,
): Promise<bigint | undefined> => {
  try {
    const { state, recorder } = await open();
    await recorder.refresh();
    if (state.head() === undefined || isResting(state.connection())) return undefined;
    await recorder.administer(() => [{ type: 'SyncRequested', data: { actor, ...wish } }]);
    return state.head()?.revision;
  } catch (error) {
    // A log that cannot be read is the outcome of the caller's own cycle, which reports it.
    if (error instanceof DirectorySyncError && error.code !== 'wrong-tenant') return undefined;
    throw error;
  }
};

/**
 * Asks the engine that runs the connection in another process, and waits for its answer. `undefined`: none runs, or it went away
 * before it answered; then the caller does it by itself.
 */
export const askEngine = async <Answer>(
  connection: Connection,
  question: Question<Answer>,
  { signal, patienceMs = Infinity }: Waiting,
): Promise<Answer | undefined> => {
  const { options, world } = connection;
  const liveness = () => readLiveness(options.cache, options.connectionId, world.now());
  if (!(await liveness()).running) return undefined;
  const asked = await recordRequest(connection, question);
  let idle = 0;
  while (asked !== undefined && signal?.aborted !== true) {
    const { running, cycle, waitingUntil } = await liveness();
    if (!running) break;
    const answer = await question.answerTo(asked);
    if (answer !== undefined) return answer;
    if (waitingUntil !== null && Date.parse(waitingUntil) - world.now().getTime() > patienceMs)
      return question.without(waitsUntil(waitingUntil, question.waitsFor));
    idle = cycle === 'idle' ? idle + 1 : 0;
    if (idle > (question.idleLooks ?? Infinity)) return question.without(notTaken());
    await wait(LOOK_EVERY_MS);
  }
  return undefined;
};
