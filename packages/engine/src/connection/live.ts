import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';
import type { Liveness } from '../directory-sync.js';
import { notRunning } from '../views/status-view.js';
import { cachedJson } from '../cached-json.js';

/** An engine that has not told for so long is not believed to run. */
const BEAT_LASTS_MS = 30_000;

type Beat = Liveness & { readonly toldAt: string };

const isBeat = (value: unknown): value is Beat =>
  typeof value === 'object' && value !== null && 'toldAt' in value && 'running' in value && 'webhook' in value;

const keyOf = (connectionId: string): string => `live:${connectionId}`;

/** What a running engine last told of a connection, in the local cache. */
export const readLiveness = async (cache: LocalCache, connectionId: string, now: Date): Promise<Liveness> => {
  const beat = cachedJson(await cache.get(keyOf(connectionId)));
  if (!isBeat(beat)) return notRunning;
  const { toldAt, ...liveness } = beat;
  // A beat from the future comes from a clock that was set back since; half a minute either way is let pass.
  return Math.abs(now.getTime() - Date.parse(toldAt)) < BEAT_LASTS_MS ? liveness : notRunning;
};

export const tellLiveness = (cache: LocalCache, connectionId: string, liveness: Liveness, now: Date): Promise<void> =>
  cache.put(keyOf(connectionId), JSON.stringify({ ...liveness, toldAt: now.toISOString() } satisfies Beat));
