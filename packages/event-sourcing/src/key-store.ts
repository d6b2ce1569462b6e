import type * as TE from 'fp-ts/lib/TaskEither.js';

/** A data key: 32 random bytes under an id that appears in the log. */
export type DataKey = { readonly keyId: string; readonly key: Uint8Array };

export type KeyLookup =
  | { readonly _tag: 'Key'; readonly key: DataKey }
  /** Destroyed on purpose: a tombstone is left. */
  | { readonly _tag: 'Destroyed' }
  /** Never seen by this store: not evidence of an erasure. */
  | { readonly _tag: 'Missing' };

/** One of the keys an owner has or had. `present` seals what is written now; `retired` opens what was written before. */
export type OwnedKey = {
  readonly keyId: string;
  readonly state: 'present' | 'retired' | 'destroyed';
  readonly lookup: KeyLookup;
};

export type KeyStoreFailure = { readonly _tag: 'KeyStoreUnavailable'; readonly cause: unknown };

/**
 * Keys of owners (a person's object id, or `connection:<id>`), outside the log (log-format, "Keys").
 * Invariants: a key is durable before it is handed out; destroying leaves a tombstone; a later key of the same owner has another id.
 */
export interface KeyStore {
  /** Identity of this store, recorded in `ConnectionCreated`. */
  readonly id: string;
  /** The present key of each owner, made where there is none. */
  readonly current: (owners: ReadonlyArray<string>) => TE.TaskEither<KeyStoreFailure, ReadonlyMap<string, DataKey>>;
  readonly byId: (keyIds: ReadonlyArray<string>) => TE.TaskEither<KeyStoreFailure, ReadonlyMap<string, KeyLookup>>;
  /** Every key each owner has or had, the present one first. Makes none: an owner without keys has an empty list. */
  readonly ofOwners: (
    owners: ReadonlyArray<string>,
  ) => TE.TaskEither<KeyStoreFailure, ReadonlyMap<string, ReadonlyArray<OwnedKey>>>;
  /** Retires the present key of these owners, or of all: it still opens what it sealed, and `current` makes the next one. */
  readonly rotate: (owners?: ReadonlyArray<string>) => TE.TaskEither<KeyStoreFailure, { readonly retired: number }>;
  /** Destroys every key of an owner, retired ones included; or those of them that are named. */
  readonly destroy: (owner: string, keyIds?: ReadonlyArray<string>) => TE.TaskEither<KeyStoreFailure, void>;
  readonly close: () => Promise<void>;
}
