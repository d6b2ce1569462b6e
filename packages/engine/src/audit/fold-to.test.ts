import type { StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { right } from 'fp-ts/lib/TaskEither.js';
import { expect, test } from 'vitest';
import type { LogToRead } from './audited-log.js';
import { isEmptyLog } from './check-moments.js';
import { readUntil } from './fold-to.js';
import type { Moment } from './moment.js';

const recordAt = (revision: number, recordedAt: string): StoredRecord => ({
  id: `event-${revision}`,
  type: 'SyncCompleted',
  schemaVersion: 1,
  revision: BigInt(revision),
  recordedAt,
  data: null,
  metadata: { subjects: [], correlationId: 'c', causationId: 'c', hash: `hash-${revision}` },
});

/** A log of records at these times, two on a page; what is in them does not matter. */
const logOf = (...times: ReadonlyArray<string>): LogToRead => {
  const records = times.map((time, revision) => recordAt(revision, time));
  const last = records.at(-1);
  return {
    name: 'directorySync-a',
    head: () => right(last && { revision: last.revision, hash: last.metadata.hash }),
    pages: async function* ({ from = 0n, to = 999n } = {}) {
      const asked = records.filter(({ revision }) => revision >= from && revision <= to);
      for (let at = 0; at < asked.length; at += 2)
        yield await Promise.resolve(
          asked.slice(at, at + 2).map((record) => ({ _tag: 'Passed' as const, reason: 'ignorable' as const, record })),
        );
    },
  };
};

const revisionsUntil = async (log: LogToRead, until: Moment): Promise<ReadonlyArray<number>> => {
  const found: number[] = [];
  for await (const { records } of readUntil(log, { until }))
    found.push(...records.map(({ record }) => Number(record.revision)));
  return found;
};

const time = (text: string): Moment => ({ time: new Date(text) });

test('a time ends at the first event that was recorded later, also where the clock went back behind it', async () => {
  const log = logOf('2026-01-01T08:00:00Z', '2026-01-01T10:00:00Z', '2026-01-01T09:00:00Z', '2026-01-01T11:00:00Z');
  expect(await revisionsUntil(log, time('2026-01-01T09:30:00Z'))).toEqual([0]);
  expect(await revisionsUntil(log, time('2026-01-01T10:00:00Z'))).toEqual([0, 1, 2]);
  expect(await revisionsUntil(log, { revision: 2n })).toEqual([0, 1, 2]);
});

test('a time between the last event and now is the end of the log, and one to come is none', async () => {
  const log = logOf('2026-01-01T08:00:00Z');
  const now = new Date('2026-01-02T00:00:00Z');
  expect(await isEmptyLog(log, { to: time('2026-01-01T20:00:00Z') }, now)).toBe(false);
  await expect(isEmptyLog(log, { to: time('2026-01-03T00:00:00Z') }, now)).rejects.toMatchObject({
    code: 'wrong-moment',
    message: '2026-01-03T00:00:00.000Z is yet to come: the log ends at revision 0 (2026-01-01T08:00:00Z).',
  });
});

test('an event that was recorded ahead of this clock is a moment all the same', async () => {
  const log = logOf('2026-01-01T08:00:00Z', '2026-01-05T08:00:00Z');
  expect(await isEmptyLog(log, { to: time('2026-01-05T08:00:00Z') }, new Date('2026-01-02T00:00:00Z'))).toBe(false);
});

test('a log without events has no moment, and refuses none', async () => {
  expect(await isEmptyLog(logOf(), { from: { revision: 9n }, to: { revision: 3n } }, new Date())).toBe(true);
});
