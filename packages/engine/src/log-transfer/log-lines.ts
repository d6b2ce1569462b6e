import type { Head, StoredRecord } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/**
 * An exported log is NDJSON: a header, then for each stream its name and its records, exactly as they are stored, and a last
 * line with the SHA-256 over all lines before it (each with its line end). Sealed data stays sealed.
 */
export const FORMAT = 'directory-sync-log/1';

const ExportedHead = t.strict({ revision: t.string, hash: t.string });

export const HeaderLine = t.strict({
  format: t.literal(FORMAT),
  connectionId: t.string,
  tenantId: t.string,
  keyStoreId: t.string,
  /** The connection's own. */
  stream: t.string,
});
export type HeaderLine = Readonly<t.TypeOf<typeof HeaderLine>>;

export const StreamLine = t.strict({ stream: t.string });

export const EndLine = t.strict({
  sha256: t.string,
  /** Of all streams. */
  records: t.number,
  /** Of the connection's own stream. */
  head: t.union([ExportedHead, t.null]),
});
export type EndLine = Readonly<t.TypeOf<typeof EndLine>>;

/** Whatever else stands in it is kept, since the hash covers it. */
const Metadata = t.type({ subjects: t.readonlyArray(t.string), hash: t.string });

const RecordLine = t.strict({
  id: t.string,
  type: t.string,
  schemaVersion: t.number,
  revision: t.string,
  recordedAt: t.string,
  data: t.unknown,
  metadata: Metadata,
});

export const recordLine = (record: StoredRecord): string => {
  const { id, type, schemaVersion, recordedAt, data, metadata } = record;
  return canonicalJson({ id, type, schemaVersion, revision: record.revision.toString(), recordedAt, data, metadata });
};

export const headOf = (head: Head | undefined): EndLine['head'] =>
  head === undefined ? null : { revision: head.revision.toString(), hash: head.hash };

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const decoded = <A>(codec: t.Type<A, unknown>, value: unknown): A | undefined =>
  E.getOrElseW(() => undefined)(codec.decode(value));

export type Line =
  | ({ readonly _tag: 'Header' } & HeaderLine)
  | { readonly _tag: 'Stream'; readonly stream: string }
  | { readonly _tag: 'Record'; readonly record: StoredRecord }
  | ({ readonly _tag: 'End' } & EndLine);

/** `undefined`: not a line of an exported log. */
export const readLine = (line: string): Line | undefined => {
  const value = parse(line);
  const record = decoded(RecordLine, value);
  if (record !== undefined) {
    const revision = /^\d{1,19}$/.test(record.revision) ? BigInt(record.revision) : -1n;
    return { _tag: 'Record', record: { ...record, revision } as StoredRecord };
  }
  const end = decoded(EndLine, value);
  if (end !== undefined) return { _tag: 'End', ...end };
  const header = decoded(HeaderLine, value);
  if (header !== undefined) return { _tag: 'Header', ...header };
  const stream = decoded(StreamLine, value);
  return stream === undefined ? undefined : { _tag: 'Stream', stream: stream.stream };
};
