import type { DataKey, KeyStore } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { logError } from '../failure.js';

/** The keys of owners that still open something, whichever of them was the present one when a record was written. */
export type OwnerKeys = (owner: string) => ReadonlyArray<DataKey>;

/** Looks owners up without making a key for anybody. */
export const readOwnerKeys = async (keys: KeyStore, owners: Iterable<string>): Promise<OwnerKeys> => {
  const found = await keys.ofOwners([...new Set(owners)])();
  if (E.isLeft(found)) throw logError(found.left);
  const live = new Map(
    [...found.right].map(([owner, owned]) => [
      owner,
      owned.flatMap(({ lookup }) => (lookup._tag === 'Key' ? [lookup.key] : [])),
    ]),
  );
  return (owner) => live.get(owner) ?? [];
};
