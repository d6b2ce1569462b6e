import type { SyncError } from './directory-sync-error.js';
import type { RestartedRound } from './observe/begun-rounds.js';
import type { RefusedLinks } from './refused-links/refused-links.js';
import type { DeliveryStanding, PeopleCounts } from './sync-report.js';

/** How notifications of the connection's tenant reach it. */
export type WebhookHealth = {
  /** `off`: no address is configured. `poll-only`: one of the two subscriptions is not alive, changes come with the polls. */
  readonly state: 'off' | 'ok' | 'poll-only';
  readonly lastNotificationAt: string | null;
  /** When the first of the two subscriptions ends, unless it is renewed. */
  readonly expiresAt: string | null;
  /** One sentence; `null` where all is well. */
  readonly problem: string | null;
};

/** What only the process that runs the connection knows; another process reads it from the local database. */
export type Liveness = {
  /** `false`: no engine runs this connection, or none has told for half a minute. */
  readonly running: boolean;
  /** Whether a cycle is under way, waits to be allowed, or none is. */
  readonly cycle: 'idle' | 'syncing' | 'waiting';
  /** When the next cycle is due by itself. */
  readonly nextSyncAt: string | null;
  /** Until when Graph, Learn Amp or a back-off makes it wait. */
  readonly waitingUntil: string | null;
  /** Why the last cycle did not complete; `null` after one that did. */
  readonly lastError: SyncError | null;
  /** How changes arrive: not by notifications (`off`), by them (`ok`), or by polls although they are wanted. */
  readonly webhook: WebhookHealth;
};

/** How one connection stands, in counts and times (ISO 8601). It names nobody, and reading it is not recorded. */
export type Status = {
  /** Whose status it is. */
  readonly connectionId: string;
  /**
   * The last record of the log: kept elsewhere, it proves later that nothing before it was changed. `null` of an
   * empty log.
   */
  readonly head: { readonly revision: string; readonly hash: string } | null;
  /** When the last cycle ended, and whether it completed. */
  readonly lastSync: { readonly at: string; readonly ok: boolean } | null;
  /** When the last round of every source reached its end, and how long ago: measured from rounds, never from notifications. */
  readonly freshness: { readonly roundAt: string; readonly ageSeconds: number } | null;
  /** Somebody paused it: nothing is read or sent until it is resumed. */
  readonly paused: boolean;
  /** When the connection was ended by hand; absent while it stands. */
  readonly disconnectedAt?: string | undefined;
  /** When the Graph credential ends; absent where that is not known. */
  readonly credentialExpiresAt?: string | undefined;
  /** `null`: what is to be sent is sent. */
  readonly delivery: DeliveryStanding | null;
  /** `waiting`: in scope, and without an account yet. */
  readonly people: PeopleCounts & { readonly waiting: number };
  /** Each source that is followed, and how long ago its delta link was recorded. */
  readonly cursors: ReadonlyArray<{ readonly source: string; readonly ageSeconds: number }>;
  /** What an engine that runs the connection tells of itself, from whatever process is asked. */
  readonly live: Liveness;
  /** Links in answers of Microsoft Graph that led elsewhere: none was followed. Absent where there was none. */
  readonly refusedLinks?: RefusedLinks | undefined;
  /** Rounds of Microsoft Graph that were begun three times or more and have not reached their end. Absent where there is none. */
  readonly restartedRounds?: ReadonlyArray<RestartedRound> | undefined;
};
