import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { SyncReport } from '../directory-sync.js';
import { cachedJson } from '../cached-json.js';

/** What quiet cycles leave behind, in the local cache: never the only copy of anything that matters. */
export const sideTable = ({ cache, connectionId }: { readonly cache: LocalCache; readonly connectionId: string }) => {
  const lastSyncKey = `last-sync:${connectionId}`;
  const freshnessKey = `freshness:${connectionId}`;
  return {
    lastSync: () => cache.get(lastSyncKey),
    freshness: () => cache.get(freshnessKey),
    /** When every source was last read to its end, in milliseconds since the epoch. */
    roundAt: async (): Promise<number | undefined> => {
      const found = cachedJson(await cache.get(freshnessKey)) as { readonly roundAt?: unknown } | null | undefined;
      const at = Date.parse(String(found?.roundAt));
      return Number.isNaN(at) ? undefined : at;
    },
    put: async ({ finishedAt, ok }: SyncReport, observed: boolean): Promise<void> => {
      await cache.put(lastSyncKey, JSON.stringify({ at: finishedAt, ok }));
      if (observed) await cache.put(freshnessKey, JSON.stringify({ roundAt: finishedAt }));
    },
  };
};
