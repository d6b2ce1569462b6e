import { randomBytes, randomUUID } from 'node:crypto';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DataKey, KeyLookup, KeyStore, OwnedKey } from './key-store.js';

/** Where keys and their ids come from. */
export type KeySource = { readonly id: () => string; readonly bytes: (length: number) => Uint8Array };

const fromSystem: KeySource = { id: randomUUID, bytes: (length) => new Uint8Array(randomBytes(length)) };

/**
 * A key store in memory: the keys, and with them every sealed event, are lost with the process. `source` is for tests that
 * want the same keys again.
 */
export const makeMemoryKeyStore = (source: KeySource = fromSystem): KeyStore => {
  const present = new Map<string, DataKey>();
  const lookups = new Map<string, KeyLookup>();
  /** The ids of all keys an owner ever had, the newest first. */
  const owned = new Map<string, ReadonlyArray<string>>();

  const make = (owner: string): DataKey => {
    const key: DataKey = { keyId: source.id(), key: source.bytes(32) };
    present.set(owner, key);
    lookups.set(key.keyId, { _tag: 'Key', key });
    owned.set(owner, [key.keyId, ...keyIdsOf(owner)]);
    return key;
  };
  const keyIdsOf = (owner: string): ReadonlyArray<string> => owned.get(owner) ?? [];
  const lookUp = (keyId: string): KeyLookup => lookups.get(keyId) ?? { _tag: 'Missing' };
  const ownedKey = (owner: string, keyId: string): OwnedKey => {
    const lookup = lookUp(keyId);
    if (lookup._tag !== 'Key') return { keyId, state: 'destroyed', lookup };
    return { keyId, state: present.get(owner)?.keyId === keyId ? 'present' : 'retired', lookup };
  };

  return {
    id: source.id(),
    current: (owners) =>
      TE.fromIO(() => new Map(owners.map((owner) => [owner, present.get(owner) ?? make(owner)] as const))),
    byId: (keyIds) => TE.fromIO(() => new Map(keyIds.map((keyId) => [keyId, lookUp(keyId)] as const))),
    ofOwners: (owners) =>
      TE.fromIO(
        () => new Map(owners.map((owner) => [owner, keyIdsOf(owner).map((keyId) => ownedKey(owner, keyId))] as const)),
      ),
    rotate: (owners) =>
      TE.fromIO(() => {
        const rotated = [...new Set(owners ?? present.keys())].filter((owner) => present.delete(owner));
        return { retired: rotated.length };
      }),
    destroy: (owner, keyIds) =>
      TE.fromIO(() => {
        const named = keyIds === undefined ? undefined : new Set(keyIds);
        for (const keyId of keyIdsOf(owner)) {
          if (named?.has(keyId) === false) continue;
          lookups.set(keyId, { _tag: 'Destroyed' });
          if (present.get(owner)?.keyId === keyId) present.delete(owner);
        }
      }),
    close: () => Promise.resolve(),
  };
};
