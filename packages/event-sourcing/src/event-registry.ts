import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { acceptsAsIs } from './accepts-as-is.js';
import { deepFreeze } from './deep-freeze.js';
import type { StoredRecord } from './envelope.js';
import type { AnyEventDefinition, DomainEvent, EventDefinition, EventOf } from './event-definition.js';
import type { DecodeFailure } from './event-stream.js';

/** A definition whose data is not known to the compiler: what runs over records of any type works on these. */
export type OpaqueDefinition = EventDefinition<string, unknown>;

/** What a record's type and version say about it before its data is looked at. */
export type Recognised =
  | { readonly _tag: 'Known'; readonly definition: OpaqueDefinition }
  | { readonly _tag: 'Ignorable' }
  | { readonly _tag: 'Failed'; readonly failure: DecodeFailure };

declare const events: unique symbol;

/** All kinds of events of a stream: made by `defineEvents`. */
export type EventRegistry<Ev extends DomainEvent> = {
  readonly types: ReadonlyArray<Ev['type']>;
  readonly find: (type: string) => OpaqueDefinition | undefined;
  /**
   * First step of reading. An unknown type fails, whatever it is: only a definition can say that it is ignorable.
   * A known type in a future version passes when it is ignorable, and fails otherwise.
   */
  readonly recognise: (record: StoredRecord) => Recognised;
  /** Last step of reading: opened data of the stored version, upcast, decoded by the current codec, frozen. */
  readonly decode: (record: StoredRecord, data: unknown) => E.Either<DecodeFailure, Ev['data']>;
  /** Phantom: carries the union of events. */
  readonly [events]?: Ev;
};

/** Where in the data a codec refused, and what it wanted; never the value, which may be personal. */
const describeError = (error: t.ValidationError): string => {
  const path = error.context
    .map(({ key }) => key)
    .filter((key) => key !== '')
    .join('.');
  const wanted = error.context.slice(-1).map(({ type }) => type.name);
  return `${path === '' ? 'data' : path}: not ${wanted.join()}`;
};

/** Errors of a codec as texts that name fields and no values. */
export const describeErrors = (errors: t.Errors): ReadonlyArray<string> => [...new Set(errors.map(describeError))];

const checkDefinition = (definition: OpaqueDefinition): void => {
  const { type, version, upcasts } = definition;
  if (type === '') throw new Error('An event type needs a name.');
  if (version !== upcasts.length + 1) {
    const needed = `an upcast from each version before it, ${version - 1} in all`;
    throw new Error(`${type} is at version ${version}, so it needs ${needed}; it has ${upcasts.length}.`);
  }
  for (let from = 1; from < version; from += 1) {
    if (typeof upcasts[from - 1] !== 'function') throw new Error(`${type} has no upcast from version ${from}.`);
  }
};

const upcast = (definition: OpaqueDefinition, storedVersion: number, data: unknown): E.Either<string, unknown> => {
  if (storedVersion === definition.version) return E.right(data);
  let value = data;
  let version = storedVersion;
  try {
    for (const step of definition.upcasts.slice(storedVersion - 1)) {
      value = step(value);
      version += 1;
    }
    return E.right(value);
  } catch {
    return E.left(`data: the upcast from version ${version} threw`);
  }
};

/** Whether a definition's codec takes data as it is: found once for each definition that is met. */
const makeAccepts = (): ((definition: OpaqueDefinition, data: unknown) => boolean) => {
  const known = new Map<OpaqueDefinition, (data: unknown) => boolean>();
  return (definition, data) => {
    let accepts = known.get(definition);
    if (accepts === undefined) known.set(definition, (accepts = acceptsAsIs(definition.data)));
    return accepts(data);
  };
};

const decodeWith = (find: (type: string) => OpaqueDefinition | undefined) => {
  const accepts = makeAccepts();
  return (record: StoredRecord, data: unknown): E.Either<DecodeFailure, unknown> => {
    const definition = find(record.type);
    if (definition === undefined) return E.left({ _tag: 'UnknownEventType', record });
    const invalid = (errors: ReadonlyArray<string>) => E.left({ _tag: 'InvalidData', record, errors } as const);
    const current = upcast(definition, record.schemaVersion, data);
    if (E.isLeft(current)) return invalid([current.left]);
    if (accepts(definition, current.right)) return E.right(deepFreeze(current.right));
    const decoded = definition.data.decode(current.right);
    return E.isLeft(decoded) ? invalid(describeErrors(decoded.left)) : E.right(deepFreeze(decoded.right));
  };
};

const recogniseWith =
  (find: (type: string) => OpaqueDefinition | undefined) =>
  (record: StoredRecord): Recognised => {
    const failed = (failure: DecodeFailure): Recognised => ({ _tag: 'Failed', failure });
    const definition = find(record.type);
    if (definition === undefined) return failed({ _tag: 'UnknownEventType', record });
    const { schemaVersion } = record;
    if (!Number.isInteger(schemaVersion) || schemaVersion < 1) {
      return failed({ _tag: 'InvalidData', record, errors: ['schemaVersion: not a positive whole number'] });
    }
    if (schemaVersion <= definition.version) return { _tag: 'Known', definition };
    if (definition.ignorable) return { _tag: 'Ignorable' };
    return failed({ _tag: 'FutureSchemaVersion', record, known: definition.version });
  };

/**
 * Collects the events of a stream. Throws when two definitions have one type, or when an upcast is missing between
 * version 1 and the current one: found when the program starts, not when an old record is met.
 *
 * @example
 * const registry = defineEvents([UserJoinedGroup, UserLeftGroup]);
 */
export const defineEvents = <const D extends ReadonlyArray<AnyEventDefinition>>(
  definitions: D,
): EventRegistry<EventOf<D[number]>> => {
  const byType = new Map<string, OpaqueDefinition>();
  for (const definition of definitions as unknown as ReadonlyArray<OpaqueDefinition>) {
    checkDefinition(definition);
    if (byType.has(definition.type)) throw new Error(`${definition.type} is defined twice.`);
    byType.set(definition.type, definition);
  }
  const find = (type: string): OpaqueDefinition | undefined => byType.get(type);
  return {
    types: [...byType.keys()] as ReadonlyArray<EventOf<D[number]>['type']>,
    find,
    recognise: recogniseWith(find),
    decode: decodeWith(find),
  };
};
