import { verifyChain } from './chain.js';
import type { Head, StoredRecord } from './envelope.js';
import type { EventLog } from './event-log.js';

/** A page and those of its records that do not follow from their predecessors. */
export type VerifiedPage = {
  readonly records: ReadonlyArray<StoredRecord>;
  readonly broken: ReadonlySet<StoredRecord>;
};

/** No hash is equal to this: a record behind a missing one is broken. */
const nowhere = (revision: bigint): Head => ({ revision, hash: 'missing' });

/** The record before one: what its hash is made of. */
const headBefore = async (log: EventLog, stream: string, first: StoredRecord): Promise<Head | undefined> => {
  const revision = first.revision - 1n;
  if (revision < 0n) return undefined;
  for await (const [record] of log.pages(stream, { from: revision, to: revision, size: 1 })) {
    if (record !== undefined) return { revision: record.revision, hash: record.metadata.hash };
  }
  return nowhere(revision);
};

const verified = (head: Head | undefined, records: ReadonlyArray<StoredRecord>): [VerifiedPage, Head | undefined] => {
  const verdict = verifyChain(head, records);
  return [{ records, broken: new Set(verdict.broken) }, verdict.head];
};

/**
 * Verifies pages in ascending order: the first against the record before it, each further one against the last record
 * of the page before, so a record that vanished between two pages is noticed.
 */
export async function* verifiedForwards(
  log: EventLog,
  stream: string,
  pages: AsyncIterable<ReadonlyArray<StoredRecord>>,
): AsyncGenerator<VerifiedPage, void, undefined> {
  let previous: { readonly head: Head | undefined } | undefined;
  for await (const records of pages) {
    const [first] = records;
    if (first === undefined) continue;
    previous ??= { head: await headBefore(log, stream, first) };
    const [page, head] = verified(previous.head, records);
    previous = { head };
    yield page;
  }
}

/** Verifies pages in descending order: each is turned round and verified against the record before its lowest. */
export async function* verifiedBackwards(
  log: EventLog,
  stream: string,
  pages: AsyncIterable<ReadonlyArray<StoredRecord>>,
): AsyncGenerator<VerifiedPage, void, undefined> {
  for await (const records of pages) {
    const lowest = records.at(-1);
    if (lowest === undefined) continue;
    const [page] = verified(await headBefore(log, stream, lowest), [...records].reverse());
    yield { records, broken: page.broken };
  }
}

/**
 * Verifies pages with gaps, as a read by subject gives them: each record against the record before it, which is read
 * from the log unless it stands in the page.
 */
export async function* verifiedOneByOne(
  log: EventLog,
  stream: string,
  pages: AsyncIterable<ReadonlyArray<StoredRecord>>,
): AsyncGenerator<VerifiedPage, void, undefined> {
  for await (const records of pages) {
    const heads = new Map(records.map(({ revision, metadata }) => [revision, { revision, hash: metadata.hash }]));
    const broken = new Set<StoredRecord>();
    for (const record of records) {
      const before = heads.get(record.revision - 1n) ?? (await headBefore(log, stream, record));
      if (verifyChain(before, [record]).broken.length > 0) broken.add(record);
    }
    yield { records, broken };
  }
}
