import * as E from 'fp-ts/lib/Either.js';
import { DuplicateEventId } from '@learnamp/directory-sync-event-sourcing';
import type { AppendFailure, Appended } from '@learnamp/directory-sync-event-sourcing';
import { appendInTransaction } from './append-in-transaction.js';
import type { AppendRequest } from './append-in-transaction.js';
import type { EventStatements } from './event-statements.js';
import type { Connection } from './sqlite-driver.js';
import { writeTransaction } from './write-transaction.js';
import type { Patience } from './write-transaction.js';

/** What one transaction takes at most, and how many appends may wait for theirs. */
const RECORDS_IN_A_GROUP = 8_192;
const APPENDS_WAITING = 10_000;

type Answer = E.Either<AppendFailure, Appended>;
type Waiting = {
  readonly request: AppendRequest;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: DuplicateEventId) => void;
};

export type GroupCommit = {
  readonly append: (request: AppendRequest) => Promise<Answer>;
  /** Resolves when nothing waits any more; what comes later is refused. */
  readonly drain: () => Promise<void>;
};

const unavailable = (cause: unknown): Answer => E.left({ _tag: 'LogUnavailable', cause });

const takeGroup = (queue: Waiting[]): ReadonlyArray<Waiting> => {
  let records = 0;
  const end = queue.findIndex(({ request }, index) => {
    records += request.texts.length;
    return index > 0 && records > RECORDS_IN_A_GROUP;
  });
  return queue.splice(0, end === -1 ? queue.length : end);
};

/**
 * Group commit: what is appended in one turn of the event loop shares one transaction and one flush to the disk.
 *
 * Invariants: each append succeeds or fails by itself, in the order of arrival; none is answered before its transaction
 * is committed; when the transaction fails, every append of the group is answered `LogUnavailable` and none is half-done.
 */
export const makeGroupCommit = (
  connection: Connection,
  statements: EventStatements,
  options: { readonly committed: () => void; readonly patience: Patience },
): GroupCommit => {
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const decide = ({ request }: Waiting): Answer | DuplicateEventId => {
    try {
      return appendInTransaction(connection, statements, request);
    } catch (error) {
      if (error instanceof DuplicateEventId) return error;
      throw error;
    }
  };

  const commit = async (group: ReadonlyArray<Waiting>): Promise<void> => {
    try {
      const answers = await writeTransaction(connection, () => group.map(decide), options.patience);
      group.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else if (answer !== undefined) resolve(answer);
      });
      options.committed();
    } catch (cause) {
      for (const { resolve } of group) resolve(unavailable(cause));
    }
  };

  const run = async (): Promise<void> => {
    // One turn later, so that the appends of this turn are in the group.
    await new Promise(setImmediate);
    while (queue.length > 0) await commit(takeGroup(queue));
    running = undefined;
  };

  return {
    append: (request) => {
      if (closed) return Promise.resolve(unavailable(new Error('The log is closed.')));
      if (queue.length >= APPENDS_WAITING) return Promise.resolve(unavailable(new Error('Too many appends wait.')));
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        running ??= run();
      });
    },
    drain: async () => {
      closed = true;
      await running;
    },
  };
};
