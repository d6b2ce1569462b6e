import { createHash } from 'node:crypto';
import {
  isSealed,
  openSeal,
  seal,
  sealingKey,
  type DataKey,
  type KeyStore,
  type LocalCache,
  type SealContext,
} from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { cachedJson } from './cached-json.js';
import type { LinkCache } from './observe/cycle-context.js';

/** The link itself is sealed: together with a token it gives access to a tenant's changes, as the recorded ones do. */
type Entry = {
  readonly fingerprint: string;
  /** The start of the hash of the recorded link that this one came after. */
  readonly after: string;
  readonly keyId: string;
  readonly sealed: string;
};

const texts = ['fingerprint', 'after', 'keyId', 'sealed'] as const;

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' &&
  value !== null &&
  texts.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string');

const hashOf = (link: string): string => createHash('sha256').update(link).digest('hex').slice(0, 32);

/** Bound to its place: an entry that is moved to another cursor or query does not open. */
const contextOf = (
  connectionId: string,
  cursor: string,
  { fingerprint, after }: Omit<Entry, 'keyId' | 'sealed'>,
): SealContext => ({
  stream: connectionId,
  id: `${cursor}/${fingerprint}/${after}`,
  type: 'newer-link',
  schemaVersion: 1,
});

/**
 * Newer delta links of rounds that had nothing to record. An entry counts only beside the recorded link it came after and
 * the query it belongs to; without it, or without its key, the recorded link is replayed, which is harmless (design D1, D2).
 */
export const makeLinkCache = (
  { cache, keys }: { readonly cache: LocalCache; readonly keys: KeyStore },
  connectionId: string,
): LinkCache => {
  const key = (cursor: string) => `link:${connectionId}:${cursor}`;
  const owner = `connection:${connectionId}`;

  const keyOf = async (keyId: string): Promise<DataKey | undefined> => {
    const found = await keys.byId([keyId])();
    const lookup = E.isRight(found) ? found.right.get(keyId) : undefined;
    return lookup?._tag === 'Key' ? lookup.key : undefined;
  };
  return {
    get: async (cursor, fingerprint, recordedLink) => {
      const entry = cachedJson(await cache.get(key(cursor)));
      if (!isEntry(entry) || entry.fingerprint !== fingerprint || entry.after !== hashOf(recordedLink))
        return undefined;
      const sealedWith = await keyOf(entry.keyId);
      const sealed = { sealed: entry.sealed };
      if (sealedWith === undefined || !isSealed(sealed)) return undefined;
      const link = openSeal(sealingKey(sealedWith), contextOf(connectionId, cursor, entry), sealed);
      return typeof link === 'string' ? link : undefined;
    },
    put: async (cursor, fingerprint, recordedLink, newer) => {
      const current = await keys.current([owner])();
      const sealWith = E.isRight(current) ? current.right.get(owner) : undefined;
      if (sealWith === undefined) return;
      const place = { fingerprint, after: hashOf(recordedLink) };
      const { sealed } = seal(sealingKey(sealWith), contextOf(connectionId, cursor, place), newer);
      await cache.put(key(cursor), JSON.stringify({ ...place, keyId: sealWith.keyId, sealed } satisfies Entry));
    },
  };
};

/** For the preview: reads the cache and leaves it as it is. */
export const readOnlyLinkCache = (links: LinkCache): LinkCache => ({ get: links.get, put: () => Promise.resolve() });
