import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Place } from './moment.js';

/** Whose state is told. */
export type StateQuery = {
  /** Default: everybody the log told of by then. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  readonly signal?: AbortSignal | undefined;
};

type ByName<T> = Readonly<Record<string, T>>;

/** What the connection was at a moment, and where the fold up to it ended. */
export type ConnectionAt = {
  readonly _tag: 'Connection';
  /** The last event that belongs to the moment. `null`: the log is empty. */
  readonly at: Place | null;
  readonly events: number;
  readonly stateDigest: string;
  readonly tenantId: ObjectId | null;
  readonly groupId: ObjectId | null;
  readonly paused: boolean;
  readonly initialSyncDone: boolean;
  readonly epoch: number;
  readonly lastSync: { readonly at: string; readonly ok: boolean } | null;
  /** Why nobody may leave: the scope group was deleted or could not be read. */
  readonly scopeHold: string | null;
  readonly cursors: ReadonlyArray<{
    readonly cursor: string;
    readonly source: string;
    readonly reached: 'page' | 'deltaLink';
    readonly issuedAt: string;
  }>;
  /** How many teams were known at Learn Amp. */
  readonly teams: number;
  readonly unsupported: ReadonlyArray<string>;
  readonly people: {
    /** Ever in scope. */
    readonly known: number;
    readonly inScope: number;
    readonly linked: number;
    readonly waiting: number;
    readonly held: number;
  };
  /** As they were recorded: addresses on `neverDeactivate` stand as keyed hashes. */
  readonly preferences: ByName<unknown> | null;
};

/** What the directory had said. A field that is absent was never said. */
export type DirectorySide = {
  readonly inScope: boolean;
  readonly everInScope: boolean;
  readonly erased: boolean;
  readonly accountEnabled: boolean;
  readonly attributes: ByName<string | null>;
  readonly managerId?: ObjectId | null | undefined;
  /**
   * From the scope group to the person, while in scope. `DirectorySync.person` tells of a past moment the way they came in by,
   * as long as it still held, and otherwise none.
   */
  readonly groupPath: ReadonlyArray<ObjectId>;
  /** What the groups of the path are called now, in its order; `null` where no name was read. Told by `DirectorySync.person` alone. */
  readonly groupNames?: ReadonlyArray<string | null> | undefined;
  readonly deleted?: 'soft' | 'permanent' | undefined;
  readonly leave?: ByName<unknown> | undefined;
  readonly photo?: string | null | undefined;
};

/** What was known of the account at Learn Amp, by receipts and looks. A field that is absent was not known. */
export type DeliveredSide = {
  readonly learnAmpUserId?: string | undefined;
  /** An account that matched and was not linked. */
  readonly candidate?: string | null | undefined;
  readonly gone: boolean;
  readonly status?: string | undefined;
  readonly role?: string | null | undefined;
  readonly email?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly profile: ByName<string | null>;
  readonly teamKey?: string | undefined;
  readonly teamId?: string | null | undefined;
  readonly managerLearnAmpUserId?: string | null | undefined;
  readonly customFields: ByName<string | null>;
  readonly photo?: string | null | undefined;
  /** Sent, and without an answer by then. */
  readonly unanswered: ReadonlyArray<string>;
  readonly rejected: ByName<{ readonly code: string; readonly fields: ReadonlyArray<string> }>;
  readonly deferred: ByName<{ readonly on: string; readonly waitingFor: ObjectId | null }>;
  readonly parked: ByName<string>;
  readonly conflict?: string | undefined;
  readonly hold?:
    { readonly kind: string; readonly standing: string; readonly reason?: string | undefined } | undefined;
};

/** What Learn Amp was to hold, by the preferences recorded by then. */
export type DesiredSide = {
  readonly email?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly profile: ByName<string | null>;
  readonly team?: string | undefined;
  readonly customFields: ByName<string | null>;
};

/** One person at a moment. A side is `null` where nothing was known, or wanted, of them there. */
export type PersonAt = {
  readonly _tag: 'Person';
  readonly userId: ObjectId;
  /** `[erased]` once their data was erased. */
  readonly displayName: string | null;
  readonly directory: DirectorySide | null;
  readonly delivered: DeliveredSide | null;
  readonly desired: DesiredSide | null;
};

/** The connection first, then people in the order of their ids. */
export type StateStep = ConnectionAt | PersonAt;
