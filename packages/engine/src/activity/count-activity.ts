import type { Head, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { LogFailure } from '@learnamp/directory-sync-event-sourcing';
import type { Connection } from '../connection/open-connection.js';
import { logError } from '../failure.js';
import type { ActivityDay, ActivityQuery } from './activity.js';

const DAY_MS = 86_400_000;
const DAYS = 30;
const MOST_DAYS = 366;

type Counts = Map<string, Map<string, number>>;
/** What was counted: every record from a day on, up to a head. */
type Counted = { readonly since: string; readonly head: Head | undefined; readonly days: Counts };

const dayOf = (moment: string): string => moment.slice(0, 10);

const daysUpTo = (now: Date, days: number): ReadonlyArray<string> =>
  Array.from({ length: days }, (_, at) => dayOf(new Date(now.getTime() - (days - 1 - at) * DAY_MS).toISOString()));

const countIn = (counts: Counts, { recordedAt, type }: StoredRecord): void => {
  const day = dayOf(recordedAt);
  const ofDay = counts.get(day) ?? new Map<string, number>();
  counts.set(day, ofDay.set(type, (ofDay.get(type) ?? 0) + 1));
};

/** What was counted before, to be counted on; nothing where it does not reach back as far as is asked for now. */
const begun = (since: string, known: Counted | undefined): Counted =>
  known !== undefined && known.since <= since
    ? { ...known, days: new Map([...known.days].map(([day, counts]) => [day, new Map(counts)])) }
    : { since, head: undefined, days: new Map() };

/** Counts what was recorded since a day, from the newest record back: types and times alone, nothing is opened. */
const countBack = async ({ options, stream }: Connection, { since, head: known, days }: Counted): Promise<Counted> => {
  const to = known === undefined ? undefined : known.revision + 1n;
  let head = known;
  for await (const page of options.log.pages(stream.name, { direction: 'backwards', to }))
    for (const record of page) {
      if ((to !== undefined && record.revision < to) || dayOf(record.recordedAt) < since) return { since, head, days };
      if (head === known) head = { revision: record.revision, hash: record.metadata.hash };
      countIn(days, record);
    }
  return { since, head, days };
};

/**
 * What happened by day, from the log's own clock: counts of events by type. The first question reads back as far as it asks
 * for; later ones read what was appended since.
 */
export const makeActivity = (
  connection: Connection,
): ((query: ActivityQuery) => Promise<ReadonlyArray<ActivityDay>>) => {
  let counting: Promise<Counted | undefined> = Promise.resolve(undefined);

  return async ({ days = DAYS }) => {
    const wanted = daysUpTo(connection.world.now(), Math.max(1, Math.min(Math.trunc(days), MOST_DAYS)));
    const before = counting.catch(() => undefined);
    counting = before.then((known) => countBack(connection, begun(wanted[0] ?? '', known)));
    try {
      const counted = await counting;
      return wanted.map((day) => ({ day, events: Object.fromEntries(counted?.days.get(day) ?? []) }));
    } catch (error) {
      if (error instanceof LogFailure) throw logError(error.failure);
      throw error;
    }
  };
};
