import type { ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type { GraphTransportSettings, GraphWorld } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort, LearnAmpSettings } from '@learnamp/directory-sync-learn-amp';
import type { DirectorySync, Logger, Status, SyncReport } from '../directory-sync.js';
import type { Stores } from '../memory.js';
import type { NotificationHandler } from '../notifications/notification-handler.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { OfferedHead } from './offer-head.js';

/** When a connection is looked at without anybody asking. */
export type Schedule = {
  /** Seconds between polls, each moved by up to a tenth at random. Default 300, as long as notifications are lost at most. */
  readonly pollSeconds: number;
  /** Hours between full cycles. Default 24. */
  readonly fullSyncHours: number;
};

/** One company's connection, as the host configures it. */
export type ConnectionOptions = {
  /** Names the stream in the log for good: 1 to 63 lower-case letters, digits and hyphens. */
  readonly connectionId: string;
  /** GUID of the Entra tenant; another one over the same log is refused (`wrong-tenant`). */
  readonly tenantId: ObjectId;
  /** Object id of the scope group. */
  readonly groupId: ObjectId;
  /** What is synced and how. */
  readonly preferences: Preferences;
  /** Connections of one tenant with the same settings share a sign-in, a governor and the subscriptions. */
  readonly graph: Omit<GraphTransportSettings, 'tenantId'>;
  /** The REST API, or what the host implements in process. */
  readonly learnAmp: LearnAmpSettings | LearnAmpPort;
  /** Of a port: milliseconds that one call may take; see `DirectorySyncOptions`. Default 120,000. */
  readonly learnAmpDeadlineMs?: number | undefined;
  /** Names of the credentials for the log; never a secret. */
  readonly settings: {
    readonly graphBaseUrl: string;
    readonly graphCredential: string;
    readonly learnAmpBaseUrl: string;
  };
  /** Stores of this connection alone. Default: those of the engine. */
  readonly stores?: Stores | undefined;
  /** What differs from every five minutes, and from a full cycle each day. */
  readonly schedule?: Partial<Schedule> | undefined;
  /** `off`: who looks at people is not recorded. Default `on`. */
  readonly accessLog?: 'on' | 'off' | undefined;
};

/** Something a person has to do, told to the host: repeated daily while it stands. Counts only, nobody's data. */
export type Alert = {
  readonly kind:
    | 'held'
    | 'parked'
    | 'credentials'
    | 'unsafe-link'
    | 'restarted-round'
    | 'delivery-paused'
    | 'invariant-violated'
    | 'stale'
    | 'old-links'
    | 'notifications';
  readonly connectionId: string;
  readonly counts: Readonly<Record<string, number>>;
};

/** A cycle that ended, however it did. */
export type EndedCycle = {
  readonly report: SyncReport;
  /** When the next cycle is due by itself; after a failure, the end of the back-off. */
  readonly nextSyncAt: string | null;
};

/** Clock, ids, waiting, chance and network, injected: for tests, and for hosts with a network of their own. */
export type EngineWorld = GraphWorld & {
  /** A new id of an event. Default: a UUID ordered by time; for tests that want the same log again. */
  readonly newEventId?: (() => string) | undefined;
};

/** One engine for any number of connections: where it keeps what it knows, and whom it tells. */
export type SyncEngineOptions = {
  /** Of every connection that brings none of its own, and of the tenants' subscriptions. `stop` closes them. */
  readonly stores: Stores;
  /** Without it the connections are polled. */
  readonly notifications?: { readonly publicUrl: string; readonly lifecycleUrl?: string | undefined } | undefined;
  /** Requests under way at once, over all connections, handed out fairly. Default 64. */
  readonly requestsAtOnce?: number | undefined;
  /** Told what a person has to look at, when it begins and daily while it stands. Should not throw. */
  readonly alert?: ((alert: Alert) => void) | undefined;
  /** Told after every cycle, quiet ones and those that failed included. What it throws is caught. */
  readonly onCycle?: ((cycle: EndedCycle) => void) | undefined;
  /** Told the signed head of a connection's log after each full cycle, and so daily: to be kept elsewhere. What it throws is caught. */
  readonly onHead?: ((offered: OfferedHead) => void) | undefined;
  /** Told what happens, by object id. Default: nobody. */
  readonly logger?: Logger | undefined;
  /** Where spans and metrics go: `openTelemetry()` of `@learnamp/directory-sync/otel`. Default: nowhere. */
  readonly telemetry?: Telemetry | undefined;
  /** Clock, ids, waiting, chance and network. Default: those of the process. */
  readonly world?: Partial<EngineWorld> | undefined;
};

/**
 * Keeps many connections in step, for months: polls, daily full cycles, rounds after notifications, "Sync users".
 *
 * Guarantees: cycles of one connection never overlap; connections take turns, for the requests that one tenant may have under way
 * and for those of the engine, so that nobody waits for more than one request of each other in either line;
 * whatever a process that ends left undone, the next one takes up from the log and the inbox.
 *
 * @example
 * const engine = openSyncEngine({ stores, notifications: { publicUrl } });
 * await engine.add(contoso);
 * engine.start();
 * createServer(toNodeListener(engine.handler)).listen(8080);
 * // ...
 * await engine.stop({ deadlineMs: 10_000 });
 */
export type SyncEngine = {
  /** Before or after `start`. Rejects where the log does not belong to the tenant. Its first cycle comes at once. */
  readonly add: (connection: ConnectionOptions) => Promise<DirectorySync>;
  /** Ends its cycle and lets it go; nothing is recorded, and it may be added again. */
  readonly remove: (connectionId: string) => Promise<void>;
  /** The methods of one connection; `undefined` where there is none of this id. */
  readonly connection: (connectionId: string) => DirectorySync | undefined;
  /** Begins. The first cycles begin at once, 25 ms apart. Start the server before: Graph calls back. */
  readonly start: () => void;
  /**
   * No new cycle begins; running ones end by themselves until the deadline (default 30 s) and are stopped then. Resolves when
   * nothing of the engine runs any more and everything it opened is closed, the engine's stores included.
   */
  readonly stop: (options?: { readonly deadlineMs?: number | undefined }) => Promise<void>;
  /** Of every connection, in the order they were added. Asks neither Graph nor Learn Amp. */
  readonly status: () => Promise<ReadonlyArray<Status>>;
  /** The tenant's next request signs in anew: what an administrator granted a moment ago reaches new tokens only. */
  readonly forgetToken: (tenantId: string) => void;
  /** Mount it under the path of `publicUrl`, for POST. */
  readonly handler: NotificationHandler;
};
