import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { canonicalJson } from './canonical-json.js';
import { deepFreeze } from './deep-freeze.js';
import type { EventMetadata, Json, RecordToAppend } from './envelope.js';
import type { DomainEvent } from './event-definition.js';
import { describeErrors } from './event-registry.js';
import type { EventRegistry, OpaqueDefinition } from './event-registry.js';
import type { AppendContext } from './event-stream.js';
import type { DataKey, KeyStore, KeyStoreFailure } from './key-store.js';
import type { SealingKeys } from './sealing-keys.js';
import { isSealed, seal } from './sealing.js';
import type { SealingKey } from './sealing.js';

/** An event as the writer sees it: of whatever type. */
export type Pending = {
  readonly type: string;
  readonly data: unknown;
  readonly graphRequestId?: string | undefined;
  readonly causationId?: string | undefined;
};

type Encoded = {
  readonly pending: Pending;
  readonly definition: OpaqueDefinition;
  readonly json: Json;
  /** The data as a later reader will see it. */
  readonly decoded: unknown;
  /** Whose key seals it; `undefined` when nothing of it is sealed. */
  readonly owner: string | undefined;
};

/** A record ready for the log, with what reading it back will give. */
export type WrittenRecord = {
  readonly record: RecordToAppend;
  readonly definition: OpaqueDefinition;
  readonly decoded: unknown;
};

export type RecordWriter = {
  readonly stream: string;
  /** Owner of the stream's own key. */
  readonly owner: string;
  readonly registry: EventRegistry<DomainEvent>;
  readonly keys: KeyStore;
  readonly sealingKeys: SealingKeys;
  readonly now: () => Date;
  readonly newId: () => string;
};

type JsonObject = { readonly [key: string]: Json };
const isJsonObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ownerOf = (writer: RecordWriter, definition: OpaqueDefinition, data: unknown, json: Json): string | undefined => {
  const { sealing } = definition;
  switch (sealing.kind) {
    case 'clear':
      return undefined;
    case 'owner':
      return sealing.owner(data) ?? writer.owner;
    case 'fields':
      return isJsonObject(json) && sealing.fields.some((field) => Object.hasOwn(json, field))
        ? writer.owner
        : undefined;
  }
};

/**
 * Encodes an event and reads it back before anything is written: what a reader could not decode never enters the log,
 * and the live state is folded from the same values as a replayed one.
 */
const encode = (writer: RecordWriter, pending: Pending): Encoded => {
  const definition = writer.registry.find(pending.type);
  if (definition === undefined) throw new Error(`The stream ${writer.stream} has no event type ${pending.type}.`);
  const json = JSON.parse(canonicalJson(definition.data.encode(pending.data))) as Json;
  const decoded = definition.data.decode(json);
  if (E.isLeft(decoded)) {
    throw new TypeError(`${pending.type} does not satisfy its own codec: ${describeErrors(decoded.left).join('; ')}.`);
  }
  const owner = ownerOf(writer, definition, pending.data, json);
  return { pending, definition, json, decoded: deepFreeze(decoded.right), owner };
};

type RecordIdentity = Pick<RecordToAppend, 'id' | 'type' | 'schemaVersion'>;

const sealData = (stream: string, { definition, json }: Encoded, identity: RecordIdentity, key: SealingKey): Json => {
  const context = { stream, ...identity };
  const { sealing } = definition;
  if (sealing.kind !== 'fields' || !isJsonObject(json)) return seal(key, context, json);
  const sealedFields = new Set<string>(sealing.fields);
  return Object.fromEntries(
    Object.entries(json).map(([field, value]) => {
      if (sealedFields.has(field)) return [field, seal(key, context, value)];
      // A reader opens every field that looks like a seal.
      if (isSealed(value)) throw new TypeError(`${identity.type}: the clear field ${field} has the form of a seal.`);
      return [field, value];
    }),
  );
};

/** Keys in the order of their code units, so that the metadata is canonical as it is written. */
const metadataOf = (
  { pending, definition }: Encoded,
  context: AppendContext,
  keyId: string | undefined,
): Omit<EventMetadata, 'hash'> => ({
  ...(context.actor === undefined ? {} : { actor: context.actor }),
  causationId: pending.causationId ?? context.causationId,
  correlationId: context.correlationId,
  ...(context.epoch === undefined ? {} : { epoch: context.epoch }),
  ...(pending.graphRequestId === undefined ? {} : { graphRequestId: pending.graphRequestId }),
  ...(keyId === undefined ? {} : { keyId }),
  subjects: [...new Set(definition.subjects(pending.data))],
});

const currentKeys = (
  keys: KeyStore,
  encoded: ReadonlyArray<Encoded>,
): TE.TaskEither<KeyStoreFailure, ReadonlyMap<string, DataKey>> => {
  const owners = [...new Set(encoded.flatMap(({ owner }) => (owner === undefined ? [] : [owner])))];
  return owners.length === 0 ? TE.right(new Map()) : keys.current(owners);
};

/**
 * Makes the records of one append: ids and time are drawn once, keys are asked for once and only where something is
 * sealed. Rejects, with nothing written, when an event has no definition or does not satisfy its codec.
 */
export const writeRecords = (
  writer: RecordWriter,
  events: ReadonlyArray<Pending>,
  context: AppendContext,
): TE.TaskEither<KeyStoreFailure, ReadonlyArray<WrittenRecord>> => {
  const encoded = events.map((event) => encode(writer, event));
  const recordedAt = writer.now().toISOString();
  return pipe(
    currentKeys(writer.keys, encoded),
    TE.map((keys) =>
      encoded.map((event): WrittenRecord => {
        const { definition, decoded, owner } = event;
        const dataKey = owner === undefined ? undefined : keys.get(owner);
        if (owner !== undefined && dataKey === undefined) throw new Error('The key store gave no key for an owner.');
        const key = dataKey === undefined ? undefined : writer.sealingKeys.of(dataKey);
        const { type, version: schemaVersion } = definition;
        const id = writer.newId();
        const data = key === undefined ? event.json : sealData(writer.stream, event, { id, type, schemaVersion }, key);
        const metadata = metadataOf(event, context, key?.keyId);
        return { record: { id, type, schemaVersion, recordedAt, data, metadata }, definition, decoded };
      }),
    ),
  );
};
