/**
 * The hash chain of a stream (log-format, "Chain"). It guarantees: whoever holds the hash of a record can tell that
 * none of the records up to it was changed, removed, added or put in another order.
 *
 * Byte layout. `hash` is the lower-case hexadecimal SHA-256 over eight netstrings, one after the other, as UTF-8:
 *
 *   1. the predecessor's `hash`; empty for revision 0
 *   2. `id`
 *   3. `type`
 *   4. `schemaVersion` in decimal
 *   5. `revision` in decimal
 *   6. `recordedAt`
 *   7. canonical JSON (RFC 8785) of `metadata` without `hash`
 *   8. canonical JSON of `data` as stored, sealed data sealed
 *
 * A netstring is the decimal number of bytes, `:`, the bytes, `,`. The canonical form is hashed, not the bytes of a
 * store, because some stores write JSON anew. A log that stores the canonical text hands it over with a page, and then that
 * text is verified: it is what the hash was made over, and what the record was read from.
 */
import { hash as digest } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { EventMetadata, Head, RecordToAppend, Revision, StoredRecord } from './envelope.js';
import { extended } from './extended.js';
import { netstring } from './netstring.js';
import { storedTextsOf } from './stored-texts.js';

/** The head of a stream that has no record: what is appended next gets revision 0. */
export const genesis: Head = { revision: -1n, hash: '' };

/** A record with the canonical texts that its hash is made of and that a log on disk stores. */
export type RecordText<TRecord extends RecordToAppend = RecordToAppend> = {
  readonly record: TRecord;
  /** Of the metadata without `hash`. */
  readonly metadataText: string;
  readonly dataText: string;
};

/** `undefined` leaves a key out of the canonical form. */
const withoutHash = (metadata: Omit<EventMetadata, 'hash'>): object =>
  'hash' in metadata ? { ...metadata, hash: undefined } : metadata;

/**
 * Writes records as canonical text. Records that were stored elsewhere may be given: their hashes there are left behind.
 */
export const recordText = <TRecord extends RecordToAppend>(record: TRecord): RecordText<TRecord> => ({
  record,
  metadataText: canonicalJson(withoutHash(record.metadata)),
  dataText: canonicalJson(record.data),
});

/** Where the bytes of one record are put together: larger records take another way. */
const scratch = Buffer.allocUnsafe(128 * 1024);

/** A text with as many bytes as characters is ASCII, and copied as it lies in memory. */
const writeText = (text: string, bytes: number, at: number): number =>
  scratch.write(text, at, bytes === text.length ? 'latin1' : 'utf8');

/** Of a text that is ASCII. */
const asciiNetstring = (text: string): string => `${text.length}:${text},`;

/** The first six netstrings. */
const beginning = (previousHash: string, revision: Revision, record: RecordText['record']): string => {
  const joined = (one: (text: string) => string): string =>
    one(previousHash) +
    one(record.id) +
    one(record.type) +
    one(String(record.schemaVersion)) +
    one(revision.toString()) +
    one(record.recordedAt);
  // All of them are ASCII in every log that anybody writes; counted together, that is seen at once.
  const quick = joined(asciiNetstring);
  return Buffer.byteLength(quick) === quick.length ? quick : joined(netstring);
};

const hashOf = (previousHash: string, revision: Revision, { record, metadataText, dataText }: RecordText): string => {
  const first = beginning(previousHash, revision, record);
  // No text takes more than three bytes for a unit of its length.
  if (3 * (first.length + metadataText.length + dataText.length) + 100 > scratch.length)
    return digest('sha256', first + netstring(metadataText) + netstring(dataText), 'hex');
  // The same bytes without a string of all of them, which a replay would make for every record.
  const [metadataBytes, dataBytes] = [Buffer.byteLength(metadataText), Buffer.byteLength(dataText)];
  let end = scratch.write(`${first}${metadataBytes}:`);
  end += writeText(metadataText, metadataBytes, end);
  end += scratch.write(`,${dataBytes}:`, end);
  end += writeText(dataText, dataBytes, end);
  end += scratch.write(',', end, 'latin1');
  return digest('sha256', scratch.subarray(0, end), 'hex');
};

/** The hash of a record whose predecessor has `previousHash` (empty for the first). Whatever `hash` it carries is ignored. */
export const recordHash = (previousHash: string, record: StoredRecord): string =>
  hashOf(previousHash, record.revision, recordText(record));

/** Gives written records their revisions and hashes, behind `head`, and keeps their texts. */
export const chainTexts = (
  head: Head | undefined,
  texts: ReadonlyArray<RecordText>,
): ReadonlyArray<RecordText<StoredRecord>> => {
  let previous = head ?? genesis;
  return texts.map((text) => {
    const revision = previous.revision + 1n;
    const hash = hashOf(previous.hash, revision, text);
    previous = { revision, hash };
    const { id, type, schemaVersion, recordedAt, data, metadata } = text.record;
    const record = { id, type, schemaVersion, revision, recordedAt, data, metadata: extended(metadata, { hash }) };
    return { record, metadataText: text.metadataText, dataText: text.dataText };
  });
};

/** Gives records their revisions and hashes, behind `head` (`undefined`: the stream has no record yet). */
export const chainRecords = (
  head: Head | undefined,
  records: ReadonlyArray<RecordToAppend>,
): ReadonlyArray<StoredRecord> => chainTexts(head, records.map(recordText)).map(({ record }) => record);

/** What `verifyChain` found: the records that do not follow from their predecessors, and where the next page goes on. */
export type ChainVerdict = { readonly broken: ReadonlyArray<StoredRecord>; readonly head: Head | undefined };

/**
 * Verifies consecutive records against `head`, the record before them (`undefined`: they begin the stream).
 * A changed record is reported itself, a removed or inserted one at the record behind the gap; the check goes on from
 * the hash as stored, so one change is reported once.
 */
export const verifyChain = (head: Head | undefined, records: ReadonlyArray<StoredRecord>): ChainVerdict => {
  let previous = head ?? genesis;
  const broken: StoredRecord[] = [];
  const storedTextAt = storedTextsOf(records);
  records.forEach((record, at) => {
    const { hash } = record.metadata;
    const text = storedTextAt(at, record) ?? recordText(record);
    const follows = record.revision === previous.revision + 1n && hashOf(previous.hash, record.revision, text) === hash;
    if (!follows) broken.push(record);
    previous = { revision: record.revision, hash };
  });
  return { broken, head: previous === genesis ? undefined : previous };
};
