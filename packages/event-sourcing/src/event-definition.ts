import type * as t from 'io-ts';

/** Any event of a domain: a literal type and its data. */
export type DomainEvent = { readonly type: string; readonly data: unknown };

/**
 * How an event's data is stored (log-format, "Sealing").
 * - `clear`: as canonical JSON.
 * - `owner`: the whole data as one blob under the key of `owner(data)`; with no owner it is sealed under the stream's own key.
 * - `fields`: the named top-level fields under the stream's own key, the rest in clear.
 */
export type Sealing<D> =
  | { readonly kind: 'clear' }
  | { readonly kind: 'owner'; readonly owner: (data: D) => string | undefined }
  | { readonly kind: 'fields'; readonly fields: ReadonlyArray<keyof D & string> };

/** One kind of event: its codec at the current version, how older versions become it, whom it is about, how it is sealed. */
export type EventDefinition<T extends string, D> = {
  readonly type: T;
  /** The current schema version: one more than the number of upcasts. */
  readonly version: number;
  readonly data: t.Type<D, unknown>;
  /** `upcasts[n]` turns data of version n+1 into data of version n+2. */
  readonly upcasts: ReadonlyArray<(older: unknown) => unknown>;
  /** Object ids the event is about: pseudonyms that stay in clear and feed the subject index. */
  readonly subjects: (data: D) => ReadonlyArray<string>;
  readonly sealing: Sealing<D>;
  /** What a reader sees once the owner's key was destroyed; without it an erased event is passed over when folding. */
  readonly erased: ((subjects: ReadonlyArray<string>) => D) | undefined;
  /**
   * An older reader that knows this type, but not this version of it, may pass it over. A type that a reader does not
   * know at all stops it: the stored record says nothing about being ignorable.
   */
  readonly ignorable: boolean;
};

export type AnyEventDefinition = EventDefinition<string, never> | EventDefinition<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a list of definitions of different data

/** The event a definition describes. */
export type EventOf<D> = D extends EventDefinition<infer T, infer P> ? { readonly type: T; readonly data: P } : never;

/**
 * Defines one kind of event.
 *
 * @example
 * const UserRenamed = defineEvent({
 *   type: 'UserRenamed',
 *   data: t.strict({ userId: t.string, name: t.string }),
 *   subjects: (data) => [data.userId],
 *   sealing: { kind: 'owner', owner: (data) => data.userId },
 * });
 */
export const defineEvent = <T extends string, D>(definition: {
  readonly type: T;
  readonly data: t.Type<D, unknown>;
  readonly upcasts?: ReadonlyArray<(older: unknown) => unknown>;
  readonly subjects?: (data: D) => ReadonlyArray<string>;
  readonly sealing?: Sealing<D>;
  readonly erased?: (subjects: ReadonlyArray<string>) => D;
  readonly ignorable?: boolean;
}): EventDefinition<T, D> => {
  const upcasts = definition.upcasts ?? [];
  return {
    type: definition.type,
    version: upcasts.length + 1,
    data: definition.data,
    upcasts,
    subjects: definition.subjects ?? (() => []),
    sealing: definition.sealing ?? { kind: 'clear' },
    erased: definition.erased,
    ignorable: definition.ignorable ?? false,
  };
};
