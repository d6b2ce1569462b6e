import type { SyncError } from './directory-sync-error.js';
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
  readonly cycle: 'idle' | 'syncing' | 'waiting';
  /** When the next cycle is due by itself. */
  readonly nextSyncAt: string | null;
  /** Until when Graph, Learn Amp or a back-off makes it wait. */
  readonly waitingUntil: string | null;
  readonly lastError: SyncError | null;
  readonly webhook: WebhookHealth;
};

export type Status = {
  readonly connectionId: string;
  readonly head: { readonly revision: string; readonly hash: string } | null;
  readonly lastSync: { readonly at: string; readonly ok: boolean } | null;
  /** When the last round of every source reached its end, and how long ago: measured from rounds, never from notifications. */
  readonly freshness: { readonly roundAt: string; readonly ageSeconds: number } | null;
  readonly paused: boolean;
  /** When the connection was ended by hand; absent while it stands. */
  readonly disconnectedAt?: string | undefined;
  /** When the Graph credential ends; absent where that is not known. */
  readonly credentialExpiresAt?: string | undefined;
  /** `null`: what is to be sent is sent. */
  readonly delivery: DeliveryStanding | null;
  /** `waiting`: in scope, and without an account yet. */
  readonly people: PeopleCounts & { readonly waiting: number };
  readonly cursors: ReadonlyArray<{ readonly source: string; readonly ageSeconds: number }>;
  readonly live: Liveness;
  /** Links in answers of Microsoft Graph that led elsewhere: none was followed. Absent where there was none. */
  readonly refusedLinks?: RefusedLinks | undefined;
};
