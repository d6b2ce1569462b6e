import type { ObjectId } from '@learnamp/directory-sync-domain';
import { askEngine } from '../connection/ask-engine.js';
import { measureCycle, nothingDone } from '../connection/measure-cycle.js';
import type { Connection } from '../connection/open-connection.js';
import { takePersonAnswer } from './person-answers.js';
import type { PersonCycle, PersonSyncOptions } from './person-sync.js';

/** An engine that is idle for so many looks did not take the request up: it was started between the two. */
const IDLE_LOOKS = 80;

/** Asks the engine that runs the connection in another process for one person. */
export const askEngineForPerson = async (
  connection: Connection,
  userId: ObjectId,
  sync: PersonSyncOptions,
): Promise<PersonCycle | undefined> => {
  const { cache, connectionId } = connection.options;
  const report = measureCycle(connection, { trigger: 'manual', full: false, photos: false, actors: [] });
  return askEngine(
    connection,
    {
      actor: sync.by?.actor ?? 'unknown',
      wish: { userId },
      waitsFor: 'person',
      idleLooks: IDLE_LOOKS,
      answerTo: (asked) => takePersonAnswer(cache, connectionId, asked),
      without: async (error) => ({
        userId,
        outcome: 'undecided',
        conclusion: error.message,
        report: report(nothingDone(error, await connection.present())),
        steps: [],
        correlationId: '',
      }),
    },
    sync,
  );
};
