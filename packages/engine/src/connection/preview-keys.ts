import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';

/**
 * The keys for a preview: those that are there, so that marks and ids are those of the sync; where there is none, one in
 * memory. Makes, retires and destroys nothing.
 */
export const previewKeys = (real: KeyStore): KeyStore => {
  const made = makeMemoryKeyStore();
  return {
    ...made,
    id: real.id,
    byId: real.byId,
    ofOwners: real.ofOwners,
    current: (owners) => async () => {
      const owned = await real.ofOwners(owners)();
      if (E.isLeft(owned)) return owned;
      const keys = new Map<string, DataKey>();
      for (const owner of owners)
        for (const { state, lookup } of owned.right.get(owner) ?? [])
          if (state === 'present' && lookup._tag === 'Key') keys.set(owner, lookup.key);
      const others = await made.current(owners.filter((owner) => !keys.has(owner)))();
      return E.map((fresh: ReadonlyMap<string, DataKey>) => new Map([...keys, ...fresh]))(others);
    },
  };
};
