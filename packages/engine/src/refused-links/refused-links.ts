import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySource } from '@learnamp/directory-sync-graph';
import { cachedJson } from '../cached-json.js';
import { watchLinks } from './watch-links.js';

/** Links in answers of Microsoft Graph that led elsewhere and were not followed, since the local database was made. */
export type RefusedLinks = {
  readonly count: number;
  readonly lastAt: string;
  /** Where the last one led to: the host with its port, or `(no host)`. */
  readonly host: string;
};

const isRefusedLinks = (value: unknown): value is RefusedLinks =>
  typeof value === 'object' &&
  value !== null &&
  'count' in value &&
  Number.isSafeInteger(value.count) &&
  'lastAt' in value &&
  typeof value.lastAt === 'string' &&
  'host' in value &&
  typeof value.host === 'string';

type Place = { readonly cache: LocalCache; readonly connectionId: string };

const keyOf = (connectionId: string): string => `refused-links:${connectionId}`;

export const readRefusedLinks = async ({ cache, connectionId }: Place): Promise<RefusedLinks | undefined> => {
  const kept = cachedJson(await cache.get(keyOf(connectionId)));
  return isRefusedLinks(kept) ? kept : undefined;
};

/**
 * Counts the refused links of one cycle. The log records what stopped a cycle, once until it changes; how often it happened,
 * and what stopped nothing (a photo's redirect), is counted in the local cache.
 */
export const makeRefusedLinks = (place: Place, now: () => Date) => {
  let count = 0;
  let host = '';
  let lastAt = '';
  const note = (refused: string): void => {
    count += 1;
    host = refused;
    lastAt = now().toISOString();
  };
  return {
    note,
    watch: (source: DirectorySource): DirectorySource => watchLinks(source, note),
    /** Of this cycle, for its report. */
    counted: (): Omit<RefusedLinks, 'lastAt'> | undefined => (count === 0 ? undefined : { count, host }),
    /** Adds them to what is counted already. */
    keep: async (): Promise<void> => {
      if (count === 0) return;
      const before = (await readRefusedLinks(place))?.count ?? 0;
      const sum = { count: before + count, lastAt, host } satisfies RefusedLinks;
      await place.cache.put(keyOf(place.connectionId), JSON.stringify(sum));
      count = 0;
    },
  };
};
