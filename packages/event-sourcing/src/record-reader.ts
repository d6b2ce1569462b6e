import * as E from 'fp-ts/lib/Either.js';
import type { EventEnvelope, Json, StoredRecord } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import { LogFailure } from './event-log.js';
import type { EventRegistry, OpaqueDefinition } from './event-registry.js';
import type { ReadEvent } from './event-stream.js';
import type { KeyLookup, KeyStore } from './key-store.js';
import type { SealingKeys } from './sealing-keys.js';
import { isSealed, openSeal } from './sealing.js';
import type { SealingKey } from './sealing.js';

export type RecordReader<Ev extends DomainEvent> = {
  readonly stream: string;
  readonly registry: EventRegistry<Ev>;
  readonly keys: KeyStore;
  readonly sealingKeys: SealingKeys;
};

/** The envelope of a record whose data is decoded, at its definition's current version. */
export const envelopeOf = <Ev extends DomainEvent>(
  stream: string,
  definition: OpaqueDefinition,
  record: StoredRecord,
  outcome: { readonly data: unknown; readonly erased: boolean },
): EventEnvelope<Ev> =>
  ({
    id: record.id,
    stream,
    // The text of the definition, which every event of the type shares: looked up by it, a text of its own is hashed each time.
    type: definition.type,
    data: outcome.data,
    schemaVersion: definition.version,
    revision: record.revision,
    recordedAt: record.recordedAt,
    metadata: record.metadata,
    erased: outcome.erased,
    // The registry ties the type to its codec; the compiler cannot follow that through a map.
  }) as unknown as EventEnvelope<Ev>;

/**
 * Opens what is sealed in a record that names a key: the whole data, or each top-level field that is a seal. What is
 * sealed is read off the record, not off the definition, which may have changed since. `undefined`: a seal is broken,
 * or there is none although a key is named.
 */
const openData = (stream: string, record: StoredRecord, key: SealingKey): Json | undefined => {
  const { data } = record;
  const context = { stream, id: record.id, type: record.type, schemaVersion: record.schemaVersion };
  if (isSealed(data)) return openSeal(key, context, data);
  if (typeof data !== 'object' || data === null) return undefined;
  const entries = Object.entries(data as Readonly<Record<string, Json>>);
  const opened = entries.map(
    ([field, value]) => [field, isSealed(value) ? openSeal(key, context, value) : value] as const,
  );
  const broken = opened.some(([, value]) => value === undefined) || !entries.some(([, value]) => isSealed(value));
  return broken ? undefined : (Object.fromEntries(opened) as Json);
};

type Opened = { readonly data: Json } | { readonly refused: ReadEvent<never> } | 'erased';

const open = <Ev extends DomainEvent>(
  reader: RecordReader<Ev>,
  record: StoredRecord,
  lookups: ReadonlyMap<string, KeyLookup>,
): Opened => {
  const { keyId } = record.metadata;
  if (keyId === undefined) return { data: record.data };
  const lookup = lookups.get(keyId) ?? { _tag: 'Missing' };
  switch (lookup._tag) {
    case 'Missing':
      return { refused: { _tag: 'Failed', failure: { _tag: 'KeyMissing', record, keyId } } };
    case 'Destroyed':
      reader.sealingKeys.forget(keyId);
      return 'erased';
    case 'Key': {
      const data = openData(reader.stream, record, reader.sealingKeys.of(lookup.key));
      return data === undefined ? { refused: { _tag: 'Failed', failure: { _tag: 'BrokenSeal', record } } } : { data };
    }
  }
};

const readRecord = <Ev extends DomainEvent>(
  reader: RecordReader<Ev>,
  record: StoredRecord,
  lookups: ReadonlyMap<string, KeyLookup>,
): ReadEvent<Ev> => {
  const recognised = reader.registry.recognise(record);
  if (recognised._tag === 'Failed') return recognised;
  if (recognised._tag === 'Ignorable') return { _tag: 'Passed', reason: 'ignorable', record };
  const { definition } = recognised;
  const opened = open(reader, record, lookups);
  if (opened === 'erased') {
    if (definition.erased === undefined) return { _tag: 'Passed', reason: 'erased', record };
    const outcome = { data: definition.erased(record.metadata.subjects), erased: true };
    return { _tag: 'Event', event: envelopeOf(reader.stream, definition, record, outcome), record };
  }
  if ('refused' in opened) return opened.refused;
  const decoded = reader.registry.decode(record, opened.data);
  if (E.isLeft(decoded)) return { _tag: 'Failed', failure: decoded.left };
  const outcome = { data: decoded.right, erased: false };
  return { _tag: 'Event', event: envelopeOf(reader.stream, definition, record, outcome), record };
};

const lookUpKeys = async (
  keys: KeyStore,
  records: ReadonlyArray<StoredRecord>,
): Promise<ReadonlyMap<string, KeyLookup>> => {
  const keyIds = new Set<string>();
  for (const { metadata } of records) if (metadata.keyId !== undefined) keyIds.add(metadata.keyId);
  if (keyIds.size === 0) return new Map();
  const found = await keys.byId([...keyIds])();
  if (E.isLeft(found)) throw new LogFailure({ _tag: 'LogUnavailable', cause: found.left });
  return found.right;
};

/**
 * Reads one page of records. The key store is asked once, and on every page: a key destroyed meanwhile, by whatever
 * process, opens nothing more. Rejects with a `LogFailure` when the key store does not answer.
 */
export const readRecords = async <Ev extends DomainEvent>(
  reader: RecordReader<Ev>,
  records: ReadonlyArray<StoredRecord>,
  broken: ReadonlySet<StoredRecord>,
): Promise<ReadonlyArray<ReadEvent<Ev>>> => {
  const lookups = await lookUpKeys(reader.keys, records);
  return records.map((record) =>
    broken.has(record)
      ? { _tag: 'Failed', failure: { _tag: 'BrokenChain', record } }
      : readRecord(reader, record, lookups),
  );
};
