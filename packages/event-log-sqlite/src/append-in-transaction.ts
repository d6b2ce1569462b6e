import * as E from 'fp-ts/lib/Either.js';
import {
  chainTexts,
  DuplicateEventId,
  expectationHolds,
  genesis,
  isSameAppend,
} from '@learnamp/directory-sync-event-sourcing';
import type {
  AppendFailure,
  Appended,
  ExpectedRevision,
  Head,
  RecordText,
  StoredRecord,
} from '@learnamp/directory-sync-event-sourcing';
import type { EventStatements } from './event-statements.js';
import type { Connection } from './sqlite-driver.js';
import { isConstraint } from './sqlite-errors.js';

export type AppendRequest = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** Written out before the transaction, so that the lock is held for as short a time as may be. */
  readonly texts: ReadonlyArray<RecordText>;
};

const headOf = (record: StoredRecord | undefined): Head | undefined =>
  record === undefined ? undefined : { revision: record.revision, hash: record.metadata.hash };

/** The records of an earlier append whose answer was lost, if this is the same one. */
const recognise = (
  statements: EventStatements,
  streamId: bigint,
  { stream, expected, texts }: AppendRequest,
): ReadonlyArray<StoredRecord> | undefined => {
  const first = statements.revisionOf(streamId, texts[0]?.record.id ?? '');
  if (first === undefined) return undefined;
  const high = first + BigInt(texts.length) - 1n;
  const read = (low: bigint, to: bigint) =>
    statements.page(stream, { low, high: to, backwards: false, size: texts.length });
  const standing = read(first, high);
  const before = headOf(read(first - 1n, first - 1n)[0]);
  const records = texts.map(({ record }) => record);
  return isSameAppend(expected, records, { before, records: standing }) ? standing : undefined;
};

/** Only a writer whose expectation says nothing about the place can be the retry of a batch that stands already. */
const mayBeRetry = (expected: ExpectedRevision, holds: boolean): boolean =>
  !holds || expected === 'any' || expected === 'stream-exists';

const insertAll = (
  statements: EventStatements,
  { stream, texts }: AppendRequest,
  place: { readonly streamId: bigint | undefined; readonly head: Head | undefined },
): Appended => {
  const streamId = place.streamId ?? statements.addStream(stream);
  const chained = chainTexts(place.head, texts);
  for (const one of chained) statements.insert(streamId, one);
  const stored = chained.map(({ record }) => record);
  return { records: stored, head: headOf(stored.at(-1)) ?? genesis };
};

/**
 * One append of a group, inside the group's transaction. A conflict writes nothing; a duplicate id takes back what this
 * append wrote and throws, without harm to the others of the group.
 */
export const appendInTransaction = (
  connection: Connection,
  statements: EventStatements,
  request: AppendRequest,
): E.Either<AppendFailure, Appended> => {
  const { stream, expected, texts } = request;
  const streamId = statements.streamId(stream);
  const head = streamId === undefined ? undefined : statements.head(streamId);
  if (texts.length === 0) return E.right({ records: [], head: head ?? genesis });
  const holds = expectationHolds(expected, head);
  if (streamId !== undefined && mayBeRetry(expected, holds)) {
    const known = recognise(statements, streamId, request);
    if (known !== undefined) return E.right({ records: known, head: headOf(known.at(-1)) ?? genesis });
  }
  if (!holds) return E.left({ _tag: 'RevisionConflict', expected, actual: head?.revision });
  connection.exec('SAVEPOINT one_append');
  try {
    const appended = insertAll(statements, request, { streamId, head });
    connection.exec('RELEASE one_append');
    return E.right(appended);
  } catch (cause) {
    if (!isConstraint(cause)) throw cause;
    connection.exec('ROLLBACK TO one_append');
    connection.exec('RELEASE one_append');
    throw new DuplicateEventId(stream, { cause });
  }
};
