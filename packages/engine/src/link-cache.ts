import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { LinkCache } from './observe/cycle-context.js';
import { cachedJson } from './cached-json.js';

type Entry = { readonly fingerprint: string; readonly after: string; readonly link: string };

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' &&
  value !== null &&
  'fingerprint' in value &&
  'after' in value &&
  'link' in value &&
  typeof value.link === 'string';

/**
 * Newer delta links of rounds that had nothing to record. An entry counts only beside the recorded link it came after and
 * the query it belongs to; without it the recorded link is replayed, which is harmless (design D1, D2).
 */
export const makeLinkCache = (cache: LocalCache, connectionId: string): LinkCache => {
  const key = (cursor: string) => `link:${connectionId}:${cursor}`;
  return {
    get: async (cursor, fingerprint, recordedLink) => {
      const entry = cachedJson(await cache.get(key(cursor)));
      return isEntry(entry) && entry.fingerprint === fingerprint && entry.after === recordedLink
        ? entry.link
        : undefined;
    },
    put: async (cursor, fingerprint, recordedLink, newer) =>
      cache.put(key(cursor), JSON.stringify({ fingerprint, after: recordedLink, link: newer } satisfies Entry)),
  };
};

/** For the preview: reads the cache and leaves it as it is. */
export const readOnlyLinkCache = (links: LinkCache): LinkCache => ({ get: links.get, put: () => Promise.resolve() });
