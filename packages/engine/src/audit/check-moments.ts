import type { StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { DirectorySyncError } from '../directory-sync.js';
import { logError } from '../failure.js';
import type { LogToRead } from './audited-log.js';
import { shownMoment, type Moment } from './moment.js';

const wrong = (message: string): DirectorySyncError => new DirectorySyncError('wrong-moment', message);

export const fromAfterTo = (from: Moment, to: Moment): DirectorySyncError =>
  wrong(`The range ends before it begins: ${shownMoment(from)} lies behind ${shownMoment(to)} in the log.`);

/** Whether it can be opened is for the fold to find out: it names the revision. */
const recordAt = async (stream: LogToRead, revision: bigint): Promise<StoredRecord | undefined> => {
  try {
    for await (const [read] of stream.pages({ from: revision, to: revision, size: 1 }))
      if (read !== undefined) return read._tag === 'Failed' ? read.failure.record : read.record;
    return undefined;
  } catch (error) {
    if (error instanceof LogFailure) throw logError(error.failure);
    throw error;
  }
};

type Ends = { readonly first: StoredRecord; readonly last: StoredRecord };

const endsOf = async (stream: LogToRead): Promise<Ends | undefined> => {
  const head = await stream.head()();
  if (E.isLeft(head)) throw logError(head.left);
  if (head.right === undefined) return undefined;
  const [first, last] = [await recordAt(stream, 0n), await recordAt(stream, head.right.revision)];
  return first === undefined || last === undefined ? undefined : { first, last };
};

const checkMoment = (moment: Moment, { first, last }: Ends, now: Date): void => {
  if ('revision' in moment) {
    if (moment.revision > last.revision)
      throw wrong(`There is no revision ${moment.revision}: the log ends at ${last.revision} (${last.recordedAt}).`);
    return;
  }
  const time = moment.time.getTime();
  if (time > Math.max(now.getTime(), Date.parse(last.recordedAt)))
    throw wrong(
      `${shownMoment(moment)} is yet to come: the log ends at revision ${last.revision} (${last.recordedAt}).`,
    );
  if (time < Date.parse(first.recordedAt))
    throw wrong(`${shownMoment(moment)} lies before the first event, which was recorded ${first.recordedAt}.`);
};

const isAfter = (from: Moment, to: Moment): boolean =>
  ('revision' in from && 'revision' in to && from.revision > to.revision) ||
  ('time' in from && 'time' in to && from.time.getTime() > to.time.getTime());

/**
 * Throws one sentence for a moment that the log does not hold, and for a range that ends before it begins. Resolves with
 * whether the log is empty: then there is no moment at all, and nothing is wrong. A range between a revision and a time shows
 * only while it is folded.
 */
export const isEmptyLog = async (
  stream: LogToRead,
  { from, to }: { readonly from?: Moment | undefined; readonly to?: Moment | undefined },
  now: Date,
): Promise<boolean> => {
  const ends = await endsOf(stream);
  if (ends === undefined) return true;
  for (const moment of [from, to]) if (moment !== undefined) checkMoment(moment, ends, now);
  if (from !== undefined && to !== undefined && isAfter(from, to)) throw fromAfterTo(from, to);
  return false;
};
