import { randomBytes, randomUUID } from 'node:crypto';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DataKey, KeyLookup, KeyStore } from './key-store.js';

/** A key store in memory: the keys, and with them every sealed event, are lost with the process. */
export const makeMemoryKeyStore = (): KeyStore => {
  const present = new Map<string, DataKey>();
  const lookups = new Map<string, KeyLookup>();
  const make = (owner: string): DataKey => {
    const key: DataKey = { keyId: randomUUID(), key: new Uint8Array(randomBytes(32)) };
    present.set(owner, key);
    lookups.set(key.keyId, { _tag: 'Key', key });
    return key;
  };
  return {
    id: randomUUID(),
    current: (owners) =>
      TE.fromIO(() => new Map(owners.map((owner) => [owner, present.get(owner) ?? make(owner)] as const))),
    byId: (keyIds) =>
      TE.fromIO(() => new Map(keyIds.map((keyId) => [keyId, lookups.get(keyId) ?? { _tag: 'Missing' }] as const))),
    destroy: (owner) =>
      TE.fromIO(() => {
        const key = present.get(owner);
        if (key === undefined) return;
        present.delete(owner);
        lookups.set(key.keyId, { _tag: 'Destroyed' });
      }),
    close: () => Promise.resolve(),
  };
};
