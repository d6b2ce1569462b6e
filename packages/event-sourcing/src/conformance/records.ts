import { randomUUID } from 'node:crypto';
import type { Json, RecordToAppend, Revision, StoredRecord } from '../envelope.js';
import type { EventLog, PageOptions } from '../event-log.js';

export const newStream = (): string => `conformance-${randomUUID()}`;

/** A record as a writer hands it over. */
export const record = (data: Json = {}, overrides: Partial<RecordToAppend> = {}): RecordToAppend => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  schemaVersion: 1,
  recordedAt: '2026-02-03T04:05:06.789Z',
  data,
  metadata: { subjects: [], correlationId: 'cycle', causationId: 'request' },
  ...overrides,
});

export const about = (...subjects: ReadonlyArray<string>): RecordToAppend =>
  record({}, { metadata: { subjects, correlationId: 'cycle', causationId: 'request' } });

export const recordsOf = (count: number): ReadonlyArray<RecordToAppend> =>
  Array.from({ length: count }, (_, index) => record({ index }));

export const readPages = async <T>(
  pages: AsyncIterable<ReadonlyArray<T>>,
): Promise<ReadonlyArray<ReadonlyArray<T>>> => {
  const all: ReadonlyArray<T>[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

export const readAll = async (
  log: EventLog,
  stream: string,
  options?: PageOptions,
): Promise<ReadonlyArray<StoredRecord>> => (await readPages(log.pages(stream, options))).flat();

export const revisions = (records: ReadonlyArray<StoredRecord>): ReadonlyArray<Revision> =>
  records.map(({ revision }) => revision);

export const idsOf = (records: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  records.map(({ id }) => id);

/** `from`, `from + 1` ... `to`, or down when `from` is the larger. */
export const range = (from: bigint, to: bigint): ReadonlyArray<Revision> => {
  const step = from <= to ? 1n : -1n;
  const all: Revision[] = [];
  for (let at = from; at !== to + step; at += step) all.push(at);
  return all;
};
