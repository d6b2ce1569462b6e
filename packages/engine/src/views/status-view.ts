import type { Attention, DirectorySyncOptions, Liveness, Status } from '../directory-sync.js';
import { deliveryStanding } from '../deliver/delivery-pause.js';
import { peopleCounts } from '../report.js';
import type { EngineState } from '../state/engine-state.js';
import { cachedJson } from '../cached-json.js';

type LastSync = { readonly at: string; readonly ok: boolean };
type Freshness = { readonly roundAt: string };

const isLastSync = (value: unknown): value is LastSync =>
  typeof value === 'object' && value !== null && 'at' in value && 'ok' in value;

const isFreshness = (value: unknown): value is Freshness =>
  typeof value === 'object' && value !== null && 'roundAt' in value && typeof value.roundAt === 'string';

/** A quiet cycle is not in the log: the local cache knows it, and the later of the two counts. */
const lastSyncOf = (recorded: LastSync | undefined, cached: unknown): LastSync | null => {
  if (!isLastSync(cached)) return recorded ?? null;
  return recorded !== undefined && recorded.at > cached.at ? recorded : cached;
};

const secondsSince = (moment: string, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - Date.parse(moment)) / 1000));

/** What stands beside the log, in the local cache: none of it is the only copy of anything. */
export type SideTable = {
  readonly lastSync: string | undefined;
  readonly freshness: string | undefined;
  readonly live: Liveness;
  /** Who needs a look. */
  readonly attention: ReadonlyArray<Attention>;
};

/** Nobody runs the connection by itself. */
export const notRunning: Liveness = {
  running: false,
  cycle: 'idle',
  nextSyncAt: null,
  waitingUntil: null,
  lastError: null,
  webhook: { state: 'off', lastNotificationAt: null, expiresAt: null, problem: null },
};

export const statusOf = (
  options: DirectorySyncOptions,
  state: EngineState,
  { lastSync, freshness, live, attention }: SideTable,
  now: Date,
): Status => {
  const connection = state.connection();
  const head = state.head();
  const fresh = cachedJson(freshness);
  const counts = peopleCounts(state, attention);
  return {
    connectionId: options.connectionId,
    head: head === undefined ? null : { revision: head.revision.toString(), hash: head.hash },
    lastSync: lastSyncOf(connection.lastSync, cachedJson(lastSync)),
    freshness: isFreshness(fresh) ? { roundAt: fresh.roundAt, ageSeconds: secondsSince(fresh.roundAt, now) } : null,
    paused: connection.paused,
    ...(connection.disconnected === undefined ? {} : { disconnectedAt: connection.disconnected.at }),
    delivery: deliveryStanding(connection.deliveryPaused) ?? null,
    people: {
      ...counts,
      waiting: state.counts().waiting,
    },
    cursors: Object.values(connection.cursors).map(({ cursor, delta, page }) => ({
      source: cursor,
      ageSeconds: secondsSince((page ?? delta)?.issuedAt ?? now.toISOString(), now),
    })),
    live,
  };
};
