import type { GroupObservation, ObjectId, UserObservation, UserObserved } from '@learnamp/directory-sync-domain';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PersonLookups } from './lookups/person-lookups.js';
import type { GraphPermission } from './permissions.js';
import type { PhotoSource } from './photos/photo-source.js';
import type { LeftOut } from './selected-attributes.js';

/** Everything that can go wrong when asking Microsoft Graph. `requestId` is Graph's, for support. */
export type GraphFailure =
  /** No usable answer within the patience: refused, reset, timed out, 5xx, broken JSON. */
  | { readonly _tag: 'GraphUnreachable'; readonly detail: string; readonly requestId?: string | undefined }
  /** The sign-in was refused, or a token was: `code` is AADSTS… or Graph's code. `auth`: the token was given, not signed in for; or the credential was no good before anybody was asked. */
  | {
      readonly _tag: 'GraphCredentials';
      readonly code: string;
      readonly detail: string;
      readonly auth?: 'token' | 'credential' | undefined;
      /** What to do about this one, as a sentence without its full stop. */
      readonly advice?: string | undefined;
    }
  /** Signed in, but not allowed to read this (403): the scope is frozen, nobody leaves. */
  | {
      readonly _tag: 'GraphForbidden';
      readonly code: string;
      readonly requestId?: string | undefined;
      /** What was refused, such as `users/delta`, and the least permissions that it takes. */
      readonly resource?: string | undefined;
      readonly needs?: ReadonlyArray<GraphPermission> | undefined;
    }
  | { readonly _tag: 'GraphNotFound'; readonly code: string; readonly requestId?: string | undefined }
  /** An answer that is not what the documentation promises: never read as "empty". `detail` names the resource and the field. */
  | {
      readonly _tag: 'GraphProtocol';
      readonly detail: string;
      readonly requestId?: string | undefined;
      /** Graph refused the query itself; `property` is the one of ours that the refusal names, if it names one. */
      readonly refusedQuery?: { readonly property: string | undefined } | undefined;
      /** A page that leads back to itself. */
      readonly loop?: true | undefined;
    }
  /** A link that leaves the configured Graph: never requested. Carries the host only. */
  | { readonly _tag: 'UnsafeLink'; readonly host: string }
  /** Told to wait longer than the patience. */
  | { readonly _tag: 'GraphThrottled'; readonly retryAt: string }
  /** 410, or a syncState code: read this source from the beginning. `location` passed the link guard. */
  | { readonly _tag: 'ResyncRequired'; readonly reason: string; readonly location?: string | undefined }
  /** The page token aged or was refused: start the round again from its last delta link. */
  | { readonly _tag: 'PageExpired'; readonly code: string }
  | { readonly _tag: 'GraphAborted' };

/** One page of a delta round. Exactly one of the two links was there; it passed the link guard. */
export type DeltaPage<Item> = {
  readonly items: ReadonlyArray<Item>;
  /** People whose entries do not decode: nothing is known of what was told of them. */
  readonly unreadable?: ReadonlyArray<ObjectId> | undefined;
  readonly link: { readonly kind: 'next' | 'delta'; readonly url: string };
  /** The `Date` of the answer, ISO 8601; `undefined` where the header was missing. */
  readonly graphTime: string | undefined;
  readonly requestId: string | undefined;
};

/** The direct read of one person by id, with the manager expanded. */
export type ProfileRead =
  | { readonly _tag: 'Found'; readonly user: UserObserved; readonly requestId: string | undefined }
  | { readonly _tag: 'NotFound'; readonly userId: ObjectId; readonly requestId: string | undefined }
  /** 403, an all-null body, or an item that failed to the end: says nothing about the person. */
  | {
      readonly _tag: 'Unreadable';
      readonly userId: ObjectId;
      readonly detail: string;
      readonly requestId?: string | undefined;
    };

/** `checkMemberGroups` with the scope group: the second read behind every leaver (design D4). */
export type MembershipCheck =
  | { readonly _tag: 'NotMember'; readonly userId: ObjectId; readonly requestId: string | undefined }
  /** Or, for somebody who was said to be deleted: the account is still there. */
  | { readonly _tag: 'StillMember'; readonly userId: ObjectId; readonly requestId: string | undefined }
  | { readonly _tag: 'UserNotFound'; readonly userId: ObjectId; readonly requestId: string | undefined }
  | {
      readonly _tag: 'Unconfirmed';
      readonly userId: ObjectId;
      readonly because: 'forbidden' | 'unreadable';
      readonly requestId?: string | undefined;
    };

/** The groups that a person or a group is a direct member of. `NotFound`: deleted, or never there. */
export type MembershipsRead =
  | {
      readonly _tag: 'Found';
      readonly memberId: ObjectId;
      readonly groupIds: ReadonlySet<ObjectId>;
      /** There may be more than could be listed: of the others nothing is known. */
      readonly complete: boolean;
      readonly requestId: string | undefined;
    }
  | { readonly _tag: 'NotFound'; readonly memberId: ObjectId }
  | { readonly _tag: 'Unreadable'; readonly memberId: ObjectId };

/** The scope group, read by id before the first round. */
export type GroupRead =
  | {
      readonly _tag: 'Readable';
      readonly graphTime: string | undefined;
      readonly requestId: string | undefined;
      /**
       * The group's membership is hidden: without `Member.Read.Hidden` its members are left out of every answer, which
       * cannot be told from a group that is empty. Whether the permission is there is not said either.
       */
      readonly hiddenMembership?: boolean | undefined;
    }
  | { readonly _tag: 'Missing' }
  | { readonly _tag: 'Unreadable'; readonly code: string };

/**
 * How urgent a request is, among those of one tenant and at Graph (`x-ms-throttle-priority`): `low` for sweeps that can
 * wait, `high` only for what a person waits for, `normal` for everything else.
 */
export type Priority = 'low' | 'normal' | 'high';

export type ReadOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Default `normal`. */
  readonly priority?: Priority | undefined;
  /** Milliseconds without success after which this call fails, where the settings would give it more. */
  readonly patienceMs?: number | undefined;
};

export type CheckOptions = ReadOptions & {
  /** People whom `users/delta` reported as removed: asked for by `GET /users/{id}` in the same batches. */
  readonly deleted?: ReadonlySet<ObjectId> | undefined;
};

/**
 * Microsoft Graph as observations. Every call retries what can pass within the patience, honours Retry-After,
 * and guards every link before the token is attached. Nothing here knows what was known before.
 */
export interface DirectorySource {
  /** One group; a failure where it cannot be read, and never an empty one in its place. */
  readonly readGroup: (groupId: ObjectId, options?: ReadOptions) => TE.TaskEither<GraphFailure, GroupRead>;
  /** The groups below a group, however deep, for what is to be read next: an index that lags, and evidence of nothing. */
  readonly readNestedGroups: (
    groupId: ObjectId,
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure, ReadonlyArray<ObjectId>>;
  /** `GET /users/$count`: how large the tenant is (design D12). */
  readonly countUsers: (options?: ReadOptions) => TE.TaskEither<GraphFailure, number>;
  /** `users/delta?$deltatoken=latest` with the final `$select`: a cursor from now on, without data. */
  readonly latestUsers: (options?: ReadOptions) => TE.TaskEither<GraphFailure, DeltaPage<UserObservation>>;
  /** One page of `users/delta`: from the beginning, or by a stored or just received link. */
  readonly usersPage: (
    from: 'beginning' | { readonly link: string },
    options?: ReadOptions & { readonly full?: boolean | undefined },
  ) => TE.TaskEither<GraphFailure, DeltaPage<UserObservation>>;
  /** One page of `groups/delta` over at most 50 groups, or by a link. Members without a type are resolved before it returns. */
  readonly groupsPage: (
    from: { readonly groupIds: ReadonlyArray<ObjectId> } | { readonly link: string },
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure, DeltaPage<GroupObservation>>;
  /** Profiles by `$batch`, 20 a request, in any number; one answer per id, in the order asked. */
  readonly readProfiles: (
    userIds: ReadonlyArray<ObjectId>,
    /** `onBatch`: after each batch, how many more people were answered. */
    options?: ReadOptions & { readonly onBatch?: ((answered: number) => void) | undefined },
  ) => TE.TaskEither<GraphFailure, ReadonlyArray<ProfileRead>>;
  /** Asks in another way whether somebody is in the groups: what a leaver is confirmed by. */
  readonly checkMembership: (
    userIds: ReadonlyArray<ObjectId>,
    groupId: ObjectId,
    options?: CheckOptions,
  ) => TE.TaskEither<GraphFailure, ReadonlyArray<MembershipCheck>>;
  /** `memberOf` by `$batch`: which of the contradicting things that a round told of an edge is true. */
  readonly readMemberships: (
    members: ReadonlyArray<{ readonly memberId: ObjectId; readonly kind: 'user' | 'group' }>,
    options?: ReadOptions,
  ) => TE.TaskEither<GraphFailure, ReadonlyArray<MembershipsRead>>;
  /** Photos of people, several to a request. */
  readonly photos: PhotoSource;
  /** For whoever asks about one person. */
  readonly lookups: PersonLookups;
  /** Names the query behind a cursor: base URL, selected attributes less those left out, groups. Stored with the link; a differing one is never used. */
  readonly fingerprint: (source: 'users' | 'groups', groupIds: ReadonlyArray<ObjectId>) => string;
  /**
   * Properties that Graph refused, which are not asked for any more. A person's attribute that is left out is not mentioned
   * by any observation, never `null`.
   */
  readonly leftOut: () => LeftOut;
  /** Leaves out these, and nothing else: what was refused before, or nothing, to try all of them again. */
  readonly leaveOut: (leftOut: LeftOut) => void;
  /** HTTP requests made to Graph so far, sign-in apart. */
  readonly requestCount: () => number;
  /** Ends what waits, and frees what was opened. */
  readonly close: () => Promise<void>;
}
