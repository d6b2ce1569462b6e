import type { DirectorySyncOptions, Status } from '../directory-sync.js';
import { peopleCounts } from '../report.js';
import type { EngineState } from '../state/engine-state.js';
import { standingAttention } from './standing.js';

type LastSync = { readonly at: string; readonly ok: boolean };

const isLastSync = (value: unknown): value is LastSync =>
  typeof value === 'object' && value !== null && 'at' in value && 'ok' in value;

/** A quiet cycle is not in the log: the local cache knows it, and the later of the two counts. */
const lastSyncOf = (recorded: LastSync | undefined, cached: string | undefined): LastSync | null => {
  const parsed: unknown = cached === undefined ? undefined : JSON.parse(cached);
  if (!isLastSync(parsed)) return recorded ?? null;
  return recorded !== undefined && recorded.at > parsed.at ? recorded : parsed;
};

export const statusOf = (
  options: DirectorySyncOptions,
  state: EngineState,
  cachedLastSync: string | undefined,
  now: Date,
): Status => {
  const connection = state.connection();
  const head = state.head();
  return {
    connectionId: options.connectionId,
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    lastSync: lastSyncOf(connection.lastSync, cachedLastSync),
    people: peopleCounts(state, standingAttention(state, options.preferences)),
    cursors: Object.values(connection.cursors).map(({ cursor, delta, page }) => ({
      source: cursor,
      ageSeconds: Math.max(
        0,
        Math.round((now.getTime() - Date.parse((page ?? delta)?.issuedAt ?? now.toISOString())) / 1000),
      ),
    })),
  };
};
