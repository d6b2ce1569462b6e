import * as E from 'fp-ts/lib/Either.js';
import { canonicalJson } from './canonical-json.js';
import { chainRecords, genesis } from './chain.js';
import { deepFreeze } from './deep-freeze.js';
import type { Head, Json, RecordToAppend, StoredRecord } from './envelope.js';
import type { AppendFailure, Appended, EventLog, ExpectedRevision, PageOptions } from './event-log.js';
import { LogFailure } from './event-log.js';
import { DuplicateEventId, expectationHolds, isSameAppend } from './expected-revision.js';
import { readPages } from './page-range.js';
import type { PageRange } from './page-range.js';
import { makeWakeup } from './wakeup.js';

type Stream = { readonly records: StoredRecord[]; readonly ids: Map<string, number> };

/** As a log on disk has it. */
const LARGEST_APPEND = 20_000;

const closed = { _tag: 'LogUnavailable', cause: new Error('The log is closed.') } as const;

const headOf = (record: StoredRecord | undefined): Head | undefined =>
  record === undefined ? undefined : { revision: record.revision, hash: record.metadata.hash };

/** As a store would give it back: a copy that nobody else holds. */
const copyOf = (record: RecordToAppend): RecordToAppend => ({
  ...record,
  data: JSON.parse(canonicalJson(record.data)) as Json,
  metadata: JSON.parse(canonicalJson(record.metadata)) as RecordToAppend['metadata'],
});

const recognise = (
  stream: Stream,
  expected: ExpectedRevision,
  records: ReadonlyArray<RecordToAppend>,
): ReadonlyArray<StoredRecord> | undefined => {
  const first = stream.ids.get(records[0]?.id ?? '');
  if (first === undefined) return undefined;
  const standing = stream.records.slice(first, first + records.length);
  const before = headOf(stream.records[first - 1]);
  return isSameAppend(expected, records, { before, records: standing }) ? standing : undefined;
};

const appendTo = (
  name: string,
  stream: Stream,
  expected: ExpectedRevision,
  records: ReadonlyArray<RecordToAppend>,
): E.Either<AppendFailure, Appended> => {
  const head = headOf(stream.records.at(-1));
  if (records.length === 0) return E.right({ records: [], head: head ?? genesis });
  const known = recognise(stream, expected, records);
  if (known !== undefined) return E.right({ records: known, head: headOf(known.at(-1)) ?? genesis });
  if (!expectationHolds(expected, head)) {
    return E.left({ _tag: 'RevisionConflict', expected, actual: head?.revision });
  }
  const ids = new Set(records.map(({ id }) => id));
  if (ids.size < records.length || records.some(({ id }) => stream.ids.has(id))) throw new DuplicateEventId(name);
  const chained = deepFreeze(chainRecords(head, records.map(copyOf)));
  for (const record of chained) {
    stream.ids.set(record.id, stream.records.length);
    stream.records.push(record);
  }
  return E.right({ records: chained, head: headOf(chained.at(-1)) ?? genesis });
};

/** The records of a window, found through the invariant that a record's index is its revision. */
const select = (records: ReadonlyArray<StoredRecord>, range: PageRange): ReadonlyArray<StoredRecord> => {
  const last = records.at(-1)?.revision ?? -1n;
  const high = range.high > last ? last : range.high;
  const page: StoredRecord[] = [];
  const step = range.backwards ? -1n : 1n;
  for (let at = range.backwards ? high : range.low; page.length < range.size; at += step) {
    if (at < range.low || at > high) break;
    const record = at < 0n ? undefined : records.at(Number(at)); // an index of an array in memory is below 2^32
    if (record !== undefined) page.push(record);
  }
  return page;
};

const selectBySubject = (
  records: ReadonlyArray<StoredRecord>,
  subject: string,
  range: PageRange,
): ReadonlyArray<StoredRecord> => {
  const about = records.filter(
    ({ revision, metadata }) => revision >= range.low && revision <= range.high && metadata.subjects.includes(subject),
  );
  return (range.backwards ? about.reverse() : about).slice(0, range.size);
};

/** An event log in memory, for tests and demonstrations: the same promises as a log on disk, except that it ends with the process. */
export const makeMemoryEventLog = (): EventLog => {
  const streams = new Map<string, Stream>();
  const wakeup = makeWakeup();
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  const recordsOf = (name: string): ReadonlyArray<StoredRecord> => {
    if (isClosed()) throw new LogFailure(closed);
    return streams.get(name)?.records ?? [];
  };
  const pages = (name: string, options?: PageOptions) => readPages((range) => select(recordsOf(name), range), options);

  async function* follow(name: string, options: { readonly from?: bigint | undefined; readonly signal: AbortSignal }) {
    let from = options.from ?? 0n;
    while (!options.signal.aborted) {
      const page = select(recordsOf(name), { low: from, high: from + 999n, backwards: false, size: 1_000 });
      const last = page.at(-1);
      if (last === undefined) {
        await wakeup.wait(options.signal);
      } else {
        yield page;
        from = last.revision + 1n;
      }
    }
  }

  return {
    append: (name, expected, records) => () => {
      if (isClosed()) return Promise.resolve(E.left(closed));
      if (records.length > LARGEST_APPEND)
        return Promise.resolve(E.left({ _tag: 'BatchTooLarge', limit: `${LARGEST_APPEND} records` }));
      const stream = streams.get(name) ?? { records: [], ids: new Map<string, number>() };
      return new Promise((resolve) => {
        const answer = appendTo(name, stream, expected, records);
        if (stream.records.length > 0) streams.set(name, stream);
        wakeup.wake();
        resolve(answer);
      });
    },
    head: (name) => () =>
      Promise.resolve(isClosed() ? E.left(closed) : E.right(headOf(streams.get(name)?.records.at(-1)))),
    pages,
    pagesBySubject: (name, subject, options) =>
      readPages((range) => selectBySubject(recordsOf(name), subject, range), options),
    follow,
    close: () => {
      closing.abort();
      wakeup.wake();
      return Promise.resolve();
    },
  };
};
