import type { CommandKind, ObjectId, Preferences } from '@learnamp/directory-sync-domain';
import type {
  EventLog,
  KeyStore,
  LocalCache,
  NotificationInbox,
  ProjectionDatabase,
} from '@learnamp/directory-sync-event-sourcing';
import type { DirectorySource, SubscriptionClient } from '@learnamp/directory-sync-graph';
import type { LearnAmpPort } from '@learnamp/directory-sync-learn-amp';
import type { ActivityDay, ActivityQuery } from './activity/activity.js';
import type { AccessesQuery, AccessView, Viewer } from './access/access.js';
import type { Erasure } from './personal-data/erasure.js';
import type { FindUsersOptions } from './find-users.js';
import type { Disconnected } from './connection/disconnect.js';
import type { Held, HoldDecided, HoldDecisionRequest, ListHeldOptions } from './hold/held.js';
import type { PersonSync, PersonSyncOptions } from './one-person/person-sync.js';
import type { ListParkedOptions, Parked, Retried, RetryRequest } from './parked/parked.js';
import type { PeoplePage, PeopleSearch } from './people/people-search.js';
import type { PersonSidesOptions } from './people/person-sides.js';
import type { PersonExport } from './why/person-export.js';
import type { Why, WhyOptions } from './why/why.js';
import type { ProjectionView } from './rebuild/projection-view.js';
import type { RowDifference } from './rebuild/row-difference.js';
import type { SignedHead } from './log-transfer/signed-head.js';
import type { VerifyOptions } from './verify/run-verify.js';
import type { VerifyReport } from './verify/verify-report.js';
import type { DiffQuery, DiffStep } from './audit/diff-query.js';
import type { HistoryQuery, HistoryStep } from './audit/history-query.js';
import type { Moment } from './audit/moment.js';
import type { ReplayQuery, ReplayStep } from './audit/replay-query.js';
import type { PersonAt, StateQuery, StateStep } from './audit/state-views.js';
import type { WhatIfQuery, WhatIfStep } from './audit/what-if-query.js';
import type { Status } from './connection-status.js';
import type { ReconcileOptions, ReconcileReport } from './reconcile/reconcile-report.js';
import type { Preview, SyncReport } from './sync-report.js';
import type { Telemetry } from './telemetry/telemetry.js';

export type { Liveness, Status, WebhookHealth } from './connection-status.js';
export type { RestartedRound } from './observe/begun-rounds.js';
export type { RefusedLinks } from './refused-links/refused-links.js';
export { DirectorySyncError } from './directory-sync-error.js';
export type { ErrorCode, SyncError, UsageCode } from './directory-sync-error.js';
export type {
  Attention,
  AttentionKind,
  CommandCounts,
  DeliveryStanding,
  Note,
  PeopleCounts,
  Preview,
  PreviewedCommand,
  PreviewTotals,
  SyncReport,
  SyncTrigger,
} from './sync-report.js';

/** Which people are listed, and on whose behalf. */
export type PeopleOptions = {
  /** These alone. Default: everybody. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** On whose behalf; recorded in the access log. */
  readonly by?: Viewer | undefined;
};

/** How somebody stands: `waiting` is in scope and without an account yet, `left` is out of it. */
export type PersonStatus = 'active' | 'held' | 'parked' | 'left' | 'waiting';

/** One person as lists show them. It is personal data: who asks for it is recorded. */
export type PersonView = {
  /** The object id in Entra. */
  readonly userId: ObjectId;
  /** The account; `null` where there is none yet. */
  readonly learnAmpUserId: string | null;
  /** As Learn Amp has it, or is to have it; `null` where none is known. */
  readonly email: string | null;
  /** As Entra has it; `null` where it is not known, or was erased. */
  readonly displayName: string | null;
  /** How they stand. */
  readonly status: PersonStatus;
  /** Whether the group reaches them. */
  readonly inScope: boolean;
  /** Whether an account is linked to them. */
  readonly linked: boolean;
  /** The groups from the scope group down to them, by object id. */
  readonly groupPath: ReadonlyArray<ObjectId>;
  /** The manager in Entra, by object id. */
  readonly managerId: ObjectId | null;
  /** The team at Learn Amp, by name. */
  readonly primaryTeam: string | null;
};

/** An event as people read it: data opened and at the current version; delta links as the start of their SHA-256. */
export type EventView = {
  readonly revision: string;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: string;
  readonly data: unknown;
  readonly erased?: true | undefined;
  /** Its data is none that this version knows: the person it is about is parked over it. */
  readonly unreadable?: true | undefined;
  readonly metadata: unknown;
};

/** Which events are read: `from` and `to` are revisions, both inclusive; `types` and `userIds` choose among them. */
export type EventsQuery = {
  /** Revision of the first event. Default 0. */
  readonly from?: bigint | undefined;
  /** Revision of the last event, inclusive. Default: the head. */
  readonly to?: bigint | undefined;
  /** Only events of these types. Default: all. */
  readonly types?: ReadonlyArray<string> | undefined;
  /** Only events about these people. Default: all. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** `newest-first`: from `from` (default: the last event) back to `to` (default: the first). Default `oldest-first`. */
  readonly order?: 'oldest-first' | 'newest-first' | undefined;
  /** Catches up and then goes on live, until the signal aborts; then it ends without an error. Needs a `signal`. */
  readonly follow?: boolean | undefined;
  /** Ends the reading; with `follow` without an error. */
  readonly signal?: AbortSignal | undefined;
};

/** Who does something that is recorded under their name, and why. */
export type Actor = { readonly actor: string; readonly reason: string };

/** Where a cycle is: for progress bars. `total` is `undefined` while it is not known. */
export type Progress = {
  readonly step: 'fold' | 'write' | 'groups' | 'users' | 'profiles' | 'confirm' | 'accounts' | 'deliver' | 'plan';
  readonly done: number;
  readonly total: number | undefined;
  /** While the log is folded: events in a second. */
  readonly rate?: number | undefined;
};

/** What a sync reads and for whom, and how it may be stopped. */
export type SyncOptions = {
  /** Read both sides from the beginning. */
  readonly full?: boolean | undefined;
  /** Who asked, as recorded in the log. */
  readonly actor?: string | undefined;
  /** `false` leaves photos alone in this cycle. Default: as `syncPhotos` says. */
  readonly photos?: boolean | undefined;
  /** Told how far a step is. Must not throw. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Asked once, before the first dispatch of a connection's first sync; `false` ends the cycle as `declined`. */
  readonly confirmFirstSync?:
    ((counts: Readonly<Partial<Record<CommandKind, number>>>) => Promise<boolean>) | undefined;
  /** Ends the cycle where it stands, which is safe at any point: exit code 1, `stopped`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds: an engine in another process that has to wait longer than this is not waited for, and the sync ends as
   * `throttled`. Default: as long as it takes.
   */
  readonly patienceMs?: number | undefined;
};

/** What is folded from the log and kept in rows. */
export type ProjectionName = 'connection' | 'directory-people' | 'delivered-people' | 'memberships';

/** What is folded anew: one projection, or all of them. */
export type RebuildOptions = {
  /** Default: all of them. */
  readonly projection?: ProjectionName | undefined;
  /** Folds beside, compares row by row, and replaces nothing. */
  readonly verify?: boolean | undefined;
  /** Told how many events were folded. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops it once what was folded is written; the next rebuild goes on from there. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * What a rebuild came to. `stateDigest` equals that of a replay of the same log; `eventsPerSecond` counts this run
 * alone.
 */
export type RebuildReport = {
  /** How many were folded. */
  readonly events: number;
  /** The last event that was folded; `null` of an empty log. */
  readonly head: { readonly revision: string; readonly hash: string } | null;
  /** Hexadecimal SHA-256 over the whole folded state: the same on any machine. */
  readonly stateDigest: string;
  /** Milliseconds. */
  readonly durationMs: number;
  /** How many this process folded in a second. */
  readonly eventsPerSecond?: number | undefined;
  /** The revision it went on from, where an earlier rebuild was stopped or killed. */
  readonly resumedFrom?: string | undefined;
  /** What took the place of what stood: all rows, or those of one projection that differed. */
  readonly replaced?: ProjectionName | 'all' | undefined;
  /** With `verify`: rows that are not what the log says, and people who are not noted although something is to be done. */
  readonly differences?: number | undefined;
  /** With `verify`: the first of them. */
  readonly first?: ReadonlyArray<RowDifference> | undefined;
};

/** Pino's shape: facts first, then a message. Neither names a person, an address or a secret. */
export type Logger = {
  readonly debug: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly info: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void;
};

/** The world, injected: what the pure core may not touch. */
export type World = {
  /** The clock of the host. It decides about nobody: what does is the time of Graph's answers. */
  readonly now: () => Date;
  /** A new random UUID, for the ids of events. */
  readonly newId: () => string;
};

/** One connection: what it syncs, over which stores, from which directory to which Learn Amp. */
export type DirectorySyncOptions = {
  /** Names the stream in the log for good: 1 to 63 lower-case letters, digits and hyphens. */
  readonly connectionId: string;
  /** GUID of the Entra tenant; another one over the same log is refused (`wrong-tenant`). */
  readonly tenantId: ObjectId;
  /** Object id of the scope group. Another one is recorded by the next sync, and what it deactivates is held. */
  readonly groupId: ObjectId;
  /** What is synced and how. Other ones take effect with the next cycle and are recorded. */
  readonly preferences: Preferences;
  /** The event log: the truth. */
  readonly log: EventLog;
  /** The key store that opens the log. The two belong together (`key-store-mismatch`). */
  readonly keys: KeyStore;
  /** What may be thrown away: newer delta links, waits, freshness. */
  readonly cache: LocalCache;
  /** Marks of notifications, durable before Graph is answered. */
  readonly inbox?: NotificationInbox | undefined;
  /** Default: in memory, folded from the log at each start. */
  readonly projections?: ProjectionDatabase | undefined;
  /** Where people are read: `openMicrosoftGraph`, or `tenant.source(...)` where connections share a tenant. */
  readonly directory: DirectorySource;
  /** For `disconnect` alone, which takes away what the log says is subscribed to. */
  readonly subscriptions?: Pick<SubscriptionClient, 'remove'> | undefined;
  /** Where accounts are written: `openLearnAmpRest`, or the host's own port. `close` of the engine closes it. */
  readonly learnAmp: LearnAmpPort;
  /**
   * Milliseconds that one call of a host's own port may take. Default 120,000. A call that takes longer is given up: its commands are
   * unknown, and looked up before anything is sent again.
   */
  readonly learnAmpDeadlineMs?: number | undefined;
  /** Recorded, so that a change is seen: base URLs, and the kind and name of the credential. Never a secret. */
  readonly settings: {
    readonly graphBaseUrl: string;
    readonly graphCredential: string;
    readonly learnAmpBaseUrl: string;
  };
  /** Told what happens, by object id. Default: nobody. */
  readonly logger?: Logger | undefined;
  /** Where spans and metrics go: `openTelemetry()` of `@learnamp/directory-sync/otel`. Default: nowhere. */
  readonly telemetry?: Telemetry | undefined;
  /** `off`: who looks at people is not recorded. Default `on`: what cannot be recorded is not shown. */
  readonly accessLog?: 'on' | 'off' | undefined;
  /** When the Graph credential ends, where that is known: status shows it. See `credentialExpiry`. */
  readonly credentialExpiry?: (() => Promise<Date | undefined>) | undefined;
  /** Clock and ids, for tests. */
  readonly world?: Partial<World> | undefined;
  /** People delivered to at once. Default 6. */
  readonly concurrency?: number | undefined;
};

/**
 * One connection's engine. Methods reject with `DirectorySyncError`; `sync` resolves with a report for every outcome
 * that a report can describe.
 */
export interface DirectorySync {
  /**
   * "Sync users". While a cycle runs, exactly one more is queued for everybody who asks, and all of them get its report.
   * A paused or disconnected connection is not synced: the report says so with the code `stopped`.
   */
  readonly sync: (options?: SyncOptions) => Promise<SyncReport>;
  /**
   * Syncs one person at once, both sides, and tells step by step how: what was asked and answered, what was recorded, and each
   * command with its receipt. Nobody else is read, planned or sent; no cursor moves; nobody leaves by it, and a deactivation is
   * never sent from here: the next `sync` decides that under the hold. Recorded first as a look at the person (see `accesses`).
   */
  readonly syncUser: (userId: ObjectId, options?: PersonSyncOptions) => Promise<PersonSync>;
  /** What `sync` would do now: reads both sides, writes nothing anywhere. */
  readonly preview: (options?: Omit<SyncOptions, 'confirmFirstSync' | 'actor'>) => Promise<Preview>;
  /**
   * Reads everything Learn Amp lists, finds what somebody changed there by hand in what this connection owns, and puts it
   * right; deleted and re-addressed accounts are parked and told. The daily full cycle does the same. What is not owned is not
   * looked at. A paused connection is not reconciled.
   */
  readonly reconcile: (options?: ReconcileOptions) => Promise<ReconcileReport>;
  /** How the connection stands, from the log and the local database alone: neither Graph nor Learn Amp is asked. */
  readonly status: () => Promise<Status>;
  /** Ends what is under way and begins nothing more until `resume`, in this process and in any other. May be called again. */
  readonly pause: (by: Actor) => Promise<void>;
  /** A resumed connection is due at once. May be called again. */
  readonly resume: (by: Actor) => Promise<void>;
  /**
   * Ends the connection: nothing more is read or sent, in this process and in any other, and everybody keeps the account they
   * have; nobody is deactivated by it, now or later. Subscriptions at Graph are taken away as far as possible. `resume`
   * connects again: everything is read anew, and the links are the same. May be called again.
   */
  readonly disconnect: (by: Actor) => Promise<Disconnected>;
  /** Who waits for a decision, why, and on what evidence, in pages where asked for; recorded first as a look (see `accesses`). */
  readonly held: (options?: ListHeldOptions) => Promise<Held>;
  /**
   * Lets the held deactivations and creations of these people go, or of everybody but owners and admins of Learn Amp; the next
   * `sync` delivers what it freed. Covers exactly those it returns: who is back meanwhile is left alone, who is held later
   * is not covered, and each approval ends with the command it was for. May be called again.
   */
  readonly approveHeld: (request: HoldDecisionRequest) => Promise<HoldDecided>;
  /** Keeps these people as they are, or everybody who is held. They come up again with a new change of theirs. */
  readonly rejectHeld: (request: HoldDecisionRequest) => Promise<HoldDecided>;
  /** Who is parked, refused or in conflict, since when, and what would end it, in pages where asked for; recorded as a look first. */
  readonly parked: (options?: ListParkedOptions) => Promise<Parked>;
  /** Has them tried again by the next `sync`, whatever Learn Amp said before; of a paused connection once it is resumed. Decides no hold. */
  readonly retry: (request: RetryRequest) => Promise<Retried>;
  /** Everybody who ever was in scope; that they are shown is recorded first (see `accesses`). */
  readonly people: (options?: PeopleOptions) => AsyncIterable<PersonView>;
  /**
   * One page of those a text finds, in the order of names: for a list that somebody looks through. Those of the page are
   * recorded as looked at first (see `accesses`). The first search reads everybody; the next ones follow the log.
   */
  readonly searchPeople: (search?: PeopleSearch) => Promise<PeoplePage>;
  /**
   * One person as both sides stand, or stood behind an event of the log, and what Learn Amp is to hold by the present
   * preferences or by others; `undefined`: nothing was known. Costs as much as the log says of this person. Recorded first (see
   * `accesses`). `stateAt` tells the same of everybody, by the preferences of the time.
   */
  readonly person: (userId: ObjectId, options?: PersonSidesOptions) => Promise<PersonAt | undefined>;
  /**
   * Whom a text names: an object id, a Learn Amp id (digits), or a present e-mail, UPN or mail, compared without case. Several
   * or none are possible. Shows nobody's data.
   */
  readonly findUsers: (user: string, options?: FindUsersOptions) => Promise<ReadonlyArray<ObjectId>>;
  /**
   * Explains one person: events, commands and receipts, what waits and until what, what comes next. Recorded first (see
   * `accesses`). Resolves also for somebody who never appeared: then it says what was looked at.
   */
  readonly why: (userId: ObjectId, options?: WhyOptions) => Promise<Why>;
  /** Everything that is held of one person, opened (GDPR article 15). Recorded first (see `accesses`). */
  readonly exportPerson: (userId: ObjectId, by: Viewer) => Promise<PersonExport>;
  /** Who was shown whose data, oldest first. */
  readonly accesses: (query?: AccessesQuery) => AsyncIterable<AccessView>;
  /** How many events of each type were recorded on each of the last days: for a chart. Shows nobody's data. */
  readonly activity: (query?: ActivityQuery) => Promise<ReadonlyArray<ActivityDay>>;
  /**
   * The events of the log in pages, opened. With `follow` it goes on live. Rejects with `unknown-event` or
   * `key-store-mismatch` at what cannot be read.
   */
  readonly events: (query?: EventsQuery) => AsyncIterable<EventView>;
  /**
   * What happened, and what followed from it: each event with the commands it led to, under the preferences recorded by then.
   * Folds the log from its first event; sends and writes nothing.
   */
  readonly replay: (query?: ReplayQuery) => AsyncIterable<ReplayStep>;
  /**
   * What saving other preferences would send now, against what was delivered, and what it would send no longer. Holds fall as
   * they would. Has no access to delivery: nothing is sent, and nothing is written. Tells how far it is; rejects with `stopped`
   * once its signal aborts.
   */
  readonly whatIf: (query: WhatIfQuery) => AsyncIterable<WhatIfStep>;
  /** The closed loop from the first event on, in totals: by day (UTC) and in all, and what is left standing. */
  readonly history: (query?: HistoryQuery) => AsyncIterable<HistoryStep>;
  /** What was known of the connection and of each person at a moment of the log, on both sides. Rejects with `wrong-moment`. */
  readonly stateAt: (at: Moment, query?: StateQuery) => AsyncIterable<StateStep>;
  /** What differs between two moments of the log: by person the fields, the edges of groups, the connection. */
  readonly diff: (query: DiffQuery) => AsyncIterable<DiffStep>;
  /**
   * Folds the log from its first event into new rows beside the old ones, and puts them in their place in one step once they
   * are complete. Cycles go on meanwhile, in this process and in others, and nothing is ever sent from here. Rejects with
   * `stopped` when the signal aborts, and with `unknown-event` and its revision at an event that cannot be read: then nothing
   * was replaced, and the next rebuild goes on from there.
   */
  readonly rebuild: (options?: RebuildOptions) => Promise<RebuildReport>;
  /**
   * Reads the whole log once: the chain, the seals, every dispatched command derived again and found equal, receipts, what a
   * sound engine never writes, and the rows against the fold. With `head` also whether the log was cut short or written anew.
   * Writes nothing, and sends nothing.
   */
  readonly verify: (options?: VerifyOptions) => Promise<VerifyReport>;
  /** The head of the log, signed, to be kept elsewhere (`verify({ head })` asks for it). `null`: the log is empty. */
  readonly signedHead: () => Promise<SignedHead | null>;
  /** The lines of the whole log of this connection, as stored, with a checksum in the last one: what `importLog` takes. */
  readonly exportLog: () => AsyncIterable<string>;
  /**
   * Makes unreadable for good what is known of somebody who left: their events keep their places and ids, and nothing else.
   * Rejects with `not-erasable` while the person is in the group, or the account is not deactivated yet. May be called again:
   * then it records nothing, and finishes what was interrupted.
   */
  readonly erase: (userId: ObjectId, by: Actor) => Promise<Erasure>;
  /** Where every projection stands, and at which event it stopped. Writes nothing. */
  readonly projections: () => Promise<ReadonlyArray<ProjectionView>>;
  /** SHA-256 over everything folded: equal to the `stateDigest` of a replay of the same events. */
  readonly stateDigest: () => Promise<string>;
  /** Frees log, key store, cache, inbox and clients. */
  readonly close: () => Promise<void>;
}
