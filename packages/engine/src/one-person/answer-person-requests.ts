import type { ObjectId } from '@learnamp/directory-sync-domain';
import { measureCycle, nothingDone } from '../connection/measure-cycle.js';
import type { Connection } from '../connection/open-connection.js';
import { unforeseenError } from '../failure.js';
import type { Envelope } from '../record/recorder.js';
import type { PersonAnswers } from './person-answers.js';
import type { PersonCycle } from './person-sync.js';
import type { PersonRequest } from './run-person-sync.js';

type Answering = {
  readonly run: (request: PersonRequest) => Promise<PersonCycle>;
  readonly answers: PersonAnswers;
};

const failed = (connection: Connection, userId: ObjectId, cause: unknown): PersonCycle => {
  const error = unforeseenError(cause);
  const report = measureCycle(connection, { trigger: 'manual', full: false, photos: false, actors: [] });
  const made = report(nothingDone(error));
  return { userId, outcome: 'undecided', conclusion: error.message, report: made, steps: [], correlationId: '' };
};

const answer = async (
  connection: Connection,
  { run, answers }: Answering,
  { revision, userId }: { readonly revision: bigint; readonly userId: ObjectId },
): Promise<void> => {
  // Who asks is recorded by the request itself.
  const cycle = await run({ userId, actors: [] }).catch((cause: unknown) => failed(connection, userId, cause));
  await answers.put(revision, cycle);
};

/** Syncs each person whom other processes asked for, among what they appended, and leaves the answer for them. */
export const answerPersonRequests = (
  connection: Connection,
  others: ReadonlyArray<Envelope>,
  answering: Answering,
): void => {
  for (const event of others) {
    if (event.type !== 'SyncRequested' || event.data.userId === undefined) continue;
    const { userId } = event.data;
    void answer(connection, answering, { revision: event.revision, userId }).catch((cause: unknown) => {
      connection.logger.warn(
        { problem: unforeseenError(cause).message, userId },
        'One person could not be answered for.',
      );
    });
  }
};
