import type { CommandKind, ObjectId, Risk } from '@learnamp/directory-sync-domain';
import type { Viewer } from '../access/access.js';

/** One event about a person, or one that brought them in. */
export type WhyEvent = {
  readonly revision: string;
  readonly recordedAt: string;
  readonly type: string;
  /** Who said so. */
  readonly source: 'graph' | 'learn-amp' | 'administrator' | 'engine';
  readonly says: string;
  /** Microsoft's `request-id` of the answer that said so. */
  readonly graphRequestId: string | null;
  /** The cycle or the administrative act it was recorded in. */
  readonly correlationId: string;
  readonly causationId: string;
  /** Opened; `null` where it was erased or does not decode. */
  readonly data: unknown;
  readonly erased?: true | undefined;
};

/** What came of a command, in a word and in a sentence. */
export type WhyReceipt = {
  /**
   * `seen`: no receipt came, and a look at Learn Amp told what stands there. `not-tried`: one before it was refused.
   * `unknown`: no receipt yet; Learn Amp is looked at before anything more is sent.
   */
  readonly outcome:
    'succeeded' | 'rejected' | 'deferred' | 'parked' | 'identity-conflict' | 'seen' | 'not-tried' | 'unknown';
  readonly revision: string | null;
  readonly recordedAt: string | null;
  readonly says: string;
};

/** Fields of Learn Amp; `null`: empty. A field that is not there was not known. */
export type WhyFields = Readonly<Record<string, string | null>>;

/** One command that was sent for a person, what it followed from, and what came of it. */
export type WhyCommand = {
  readonly commandId: string;
  readonly kind: CommandKind;
  /** Revision of the dispatch. */
  readonly revision: string;
  readonly recordedAt: string;
  readonly correlationId: string;
  /** Revisions of the events it followed from, among `events`; the newest is part of what the command id is made of. */
  readonly because: ReadonlyArray<string>;
  readonly reason: string;
  /** What it may do to people; `null` without a receipt, since that depends on the content. */
  readonly risk: Risk | null;
  /** It was held, and somebody approved it: who and why stands in `reason`. */
  readonly approved: boolean;
  /** As Learn Amp was known to hold it. `null` without a receipt: the log keeps the content with the receipt only. */
  readonly before: WhyFields | null;
  readonly after: WhyFields | null;
  readonly receipt: WhyReceipt;
};

/** Something that does not go on by itself, or not yet. */
export type WhyWait = {
  readonly kind:
    | 'paused'
    | 'scope-frozen'
    | 'held'
    | 'deferred'
    | 'parked'
    | 'rejected'
    | 'identity-conflict'
    | 'leave-unconfirmed'
    | 'no-email'
    | 'protected'
    | 'unknown';
  /** How things stay, so that `until` goes on from it. */
  readonly says: string;
  /** What has to happen: begins with "until". */
  readonly until: string;
  /** Whom it waits for, where that is somebody else. */
  readonly userId?: ObjectId | undefined;
};

/** An answer to one question of the troubleshooting table. */
export type WhyAnswer = {
  readonly topic: 'details' | 'manager' | 'team' | 'custom-fields' | 'photo';
  readonly says: string;
};

/** Why there is nothing in the log, or nothing but edges: in the order in which to look. */
export type WhyReason = {
  readonly reason:
    'not-a-member' | 'group-not-readable' | 'licence' | 'profile-not-readable' | 'read-not-finished' | 'paused';
  readonly applies: 'yes' | 'no' | 'possible';
  readonly says: string;
};

/** What was looked at where somebody is not known: each source, and when it was last read to its end. */
export type WhyLooked = {
  readonly scopeGroupId: ObjectId;
  /** Each source, and when it was last read to its end. */
  readonly cursors: ReadonlyArray<{
    readonly cursor: string;
    readonly readToEndAt: string | null;
    readonly unfinished: boolean;
  }>;
  readonly inScope: number;
  readonly lastSyncAt: string | null;
  readonly reasons: ReadonlyArray<WhyReason>;
};

/** One question that was asked now. */
export type LiveStep = {
  readonly step: 'scope-group' | 'user' | 'membership' | 'direct-groups' | 'deleted-items' | 'account';
  readonly outcome: 'yes' | 'no' | 'refused' | 'throttled' | 'failed';
  readonly says: string;
  readonly requestId: string | null;
};

/** What the two systems answered just now, step by step. Nothing was recorded of it but the look. */
export type LiveCheck = {
  readonly askedAt: string;
  readonly steps: ReadonlyArray<LiveStep>;
  /** What was answered beside what is known. */
  readonly comparison: string;
};

/** Everything that explains one person. Values stand in it: it is for whoever asked, and for no log. */
export type Why = {
  readonly connectionId: string;
  readonly userId: ObjectId;
  /** The answer in one sentence. */
  readonly conclusion: string;
  readonly head: { readonly revision: string; readonly hash: string } | null;
  readonly scope: {
    readonly inScope: boolean;
    /** From the scope group to the group that lists the person. */
    readonly groupPath: ReadonlyArray<ObjectId>;
    /** What they are called, in the same order; `null` of one whose name was not read yet. */
    readonly groupNames: ReadonlyArray<string | null>;
    /** The events that nested each group of the path in the one before it, as far as they were found. */
    readonly nesting: ReadonlyArray<WhyEvent>;
  };
  readonly account: {
    readonly learnAmpUserId: string | null;
    /** As last seen or sent. */
    readonly status: string | null;
    readonly primaryTeam: string | null;
    readonly managerLearnAmpUserId: string | null;
  };
  readonly events: ReadonlyArray<WhyEvent>;
  readonly commands: ReadonlyArray<WhyCommand>;
  readonly waits: ReadonlyArray<WhyWait>;
  /** What the next sync would do for this person, as things are. */
  readonly next: {
    readonly commands: ReadonlyArray<{ readonly kind: CommandKind; readonly says: string; readonly risk: Risk }>;
    readonly notes: ReadonlyArray<{ readonly kind: string; readonly reason: string }>;
  };
  readonly answers: ReadonlyArray<WhyAnswer>;
  readonly erased: { readonly at: string; readonly by: string; readonly reason: string } | null;
  /** Only where the person never was in scope. */
  readonly looked: WhyLooked | null;
  /** Only where it was asked for. */
  readonly live: LiveCheck | null;
};

/** How far a person is explained, and on whose behalf. */
export type WhyOptions = {
  /** Ask Microsoft Graph and Learn Amp now, step by step. Writes nothing to the connection's log, sends nothing. */
  readonly live?: boolean | undefined;
  /** On whose behalf; recorded in the access log. */
  readonly by?: Viewer | undefined;
  readonly signal?: AbortSignal | undefined;
};
