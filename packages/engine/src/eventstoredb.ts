import { openEventStoreDbEventLog, PATIENCE } from '@learnamp/directory-sync-event-log-eventstoredb';
import type { Patience } from '@learnamp/directory-sync-event-log-eventstoredb';
import type { Stores } from './memory.js';
import { isAbsent, openLocalStores, openTogether, type LocalStoresOptions } from './open-local-stores.js';

export {
  EventStoreDbClientMissing,
  EventStoreDbConnectionRefused,
} from '@learnamp/directory-sync-event-log-eventstoredb';
export { NoSqliteDriver, SqliteFileRefused } from '@learnamp/directory-sync-event-log-sqlite';

/** The cluster that holds the log, and the two files that stand beside the process. */
export type EventStoreDbStoresOptions = LocalStoresOptions & {
  /** `esdb://user:password@host:port,host:port?tls=true`, or `esdb+discover://` and a name. Login and TLS stand in it. */
  readonly connectionString: string;
  /** So long at most a cluster that answers nobody is asked before a call fails. Default and at most 25 seconds. */
  readonly patienceMs?: number | undefined;
};

/** A call that is given up may have begun when the attempts end: both together are the patience. */
const patienceOf = (patienceMs: number | undefined): Partial<Patience> =>
  patienceMs === undefined
    ? {}
    : {
        callMs: Math.min(PATIENCE.callMs, patienceMs * 0.4),
        retryMs: Math.min(PATIENCE.retryMs, patienceMs * 0.5),
      };

/**
 * The log in EventStoreDB; key store (it belongs to the log, and is backed up with it) and local database (made anew from
 * the log wherever it is missing) in files of this machine. Connects at the first call.
 */
export const openEventStoreDbStores = (options: EventStoreDbStoresOptions): Promise<Stores> =>
  openTogether(async (keep) => {
    const { connectionString, localPath, readOnly } = options;
    const local = await openLocalStores(options, keep);
    const snapshot = readOnly === true && !isAbsent(options, localPath);
    const { projections } = local;
    const patience = patienceOf(options.patienceMs);
    return { log: openEventStoreDbEventLog({ connectionString, projections, snapshot, patience }), ...local };
  });
