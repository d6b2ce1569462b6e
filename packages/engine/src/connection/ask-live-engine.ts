import type { SyncOptions, SyncReport } from '../directory-sync.js';
import { askEngine } from './ask-engine.js';
import { requestOf } from './cycle-request.js';
import { measureCycle, nothingDone } from './measure-cycle.js';
import type { Connection } from './open-connection.js';
import { readAnswer } from './sync-answers.js';

/** Asks the engine that runs the connection in another process for a cycle; resolves with the report of the one that took it up. */
export const askLiveEngine = async (connection: Connection, sync: SyncOptions): Promise<SyncReport | undefined> => {
  const { cache, connectionId } = connection.options;
  const report = measureCycle(connection, requestOf(sync));
  return askEngine(
    connection,
    {
      actor: sync.actor ?? 'unknown',
      wish: sync.full === true ? { full: true } : {},
      waitsFor: 'sync',
      answerTo: (asked) => readAnswer(cache, connectionId, asked),
      without: async (error) => report(nothingDone(error, await connection.present())),
    },
    sync,
  );
};
