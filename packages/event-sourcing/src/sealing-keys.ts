import { makeBoundedCache } from './bounded-cache.js';
import type { DataKey } from './key-store.js';
import { sealingKey } from './sealing.js';
import type { SealingKey } from './sealing.js';

/** As many people as a page of the log is about: hundreds of streams are open at once, and each has keys of its own. */
const DERIVED_KEYS = 512;

/**
 * Derived subkeys, so that a page of one person's events derives once. It is no key cache: whoever asks holds the data
 * key from the key store at that moment, and `forget` drops what was derived from a destroyed one.
 */
export type SealingKeys = {
  readonly of: (key: DataKey) => SealingKey;
  readonly forget: (keyId: string) => void;
};

export const makeSealingKeys = (): SealingKeys => {
  const derived = makeBoundedCache<string, SealingKey>(DERIVED_KEYS);
  return {
    of: (key) => {
      const known = derived.get(key.keyId);
      if (known !== undefined) return known;
      const made = sealingKey(key);
      derived.set(key.keyId, made);
      return made;
    },
    forget: derived.delete,
  };
};
