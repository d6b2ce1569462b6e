import type { CommandKind, HoldReason, ObjectId, Risk } from '@learnamp/directory-sync-domain';
import type { SyncError } from './directory-sync-error.js';
import type { RestartedRound } from './observe/begun-rounds.js';
import type { CommandReason } from './views/command-reason.js';

/** Why somebody needs a look (`docs/how-to/read-the-report.md#attention`). */
export type AttentionKind =
  'parked' | 'rejected' | 'unanswered' | 'held' | 'identity-conflict' | 'leave-unconfirmed' | 'no-email' | 'protected';

/** Somebody whom a person has to look at, by object id, and why. */
export type Attention = { readonly userId: ObjectId; readonly kind: AttentionKind; readonly reason: string };

/** Something that is as it should be for now, and good to know: nobody has to act on it. */
export type Note =
  | {
      readonly userId: ObjectId;
      readonly kind: 'unmapped-language' | 'shortened' | 'unusable-hire-date';
      readonly reason: string;
    }
  /** Of no person: Microsoft Graph refuses to give this attribute. It is left out, and asked for again by each full cycle. */
  | { readonly userId: null; readonly kind: 'attribute-left-out'; readonly reason: string }
  /** Of no person, in a read from the beginning: whether the whole tenant was read or the group followed, and the counts that decided it. */
  | { readonly userId: null; readonly kind: 'people-read'; readonly reason: string };

/**
 * Commands of one kind in one cycle. `held` wait for a decision, `deferred` for somebody else's account,
 * `unsupported` are beyond the port.
 */
export type CommandCounts = {
  readonly planned: number;
  readonly succeeded: number;
  readonly rejected: number;
  readonly deferred: number;
  readonly held: number;
  readonly unsupported: number;
};

/** People as they stand: in scope, linked to an account, held, parked. */
export type PeopleCounts = {
  readonly inScope: number;
  readonly linked: number;
  readonly held: number;
  readonly parked: number;
};

/** What a cycle was begun for. `full` also where the schedule began it. */
export type SyncTrigger = 'manual' | 'full' | 'schedule' | 'notification';

/** What one cycle did (cli.md, "Output"). `ok` is true for exit codes 0, 3 and 4; `error` is there only where it is false. */
export type SyncReport = {
  /** True for the exit codes 0, 3 and 4. */
  readonly ok: boolean;
  /** 0 done, 1 did not complete, 3 something waits for approval, 4 somebody could not be synced. 3 wins over 4. */
  readonly exitCode: 0 | 1 | 3 | 4;
  /** Whose cycle it was. */
  readonly connectionId: string;
  /** What began it. */
  readonly trigger: SyncTrigger;
  /** ISO 8601, by the clock of the host. */
  readonly startedAt: string;
  /** ISO 8601, by the clock of the host. */
  readonly finishedAt: string;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Requests that were made, repeated ones included, sign-ins not. */
  readonly requests: { readonly graph: number; readonly learnAmp: number };
  /** By type, everything appended. */
  readonly events: Readonly<Record<string, number>>;
  /** By kind, those of this cycle. */
  readonly commands: Readonly<Partial<Record<CommandKind, CommandCounts>>>;
  /** As they stand at its end. */
  readonly people: PeopleCounts;
  /** Whom somebody has to look at, by object id. It repeats while it stands. */
  readonly attention: ReadonlyArray<Attention>;
  /** What could not be carried over as it stood, and was left alone or cut. Absent where there is nothing of the kind. */
  readonly notes?: ReadonlyArray<Note> | undefined;
  /** Why it did not complete; absent where `ok` is true. */
  readonly error?: SyncError | undefined;
  /** Links in answers of Microsoft Graph that led elsewhere and were not followed; `host` is that of the last. Absent where there was none. */
  readonly refusedLinks?: { readonly count: number; readonly host: string } | undefined;
  /** Rounds of Microsoft Graph that were begun three times or more and have not reached their end. Absent where there is none. */
  readonly restartedRounds?: ReadonlyArray<RestartedRound> | undefined;
  /** There where delivery to Learn Amp is paused: what changes is recorded, and nothing is sent. */
  readonly delivery?: DeliveryStanding | undefined;
};

/** Why nothing is sent to Learn Amp, and since when. It ends by itself; of `invariant-violated`, by hand or with another version. */
export type DeliveryStanding = {
  readonly reason: 'learn-amp-credentials' | 'learn-amp-unreachable' | 'invariant-violated';
  readonly since: string;
  /** The rule that a dispatch would have broken, and whose it was. */
  readonly invariant?: string | undefined;
  readonly subject?: string | undefined;
};

type Fields = Readonly<Record<string, string | null>>;

/** One command a cycle would send, so that a person can check it. */
export type PreviewedCommand = {
  readonly kind: CommandKind;
  /** `undefined` for a team. */
  readonly userId: ObjectId | undefined;
  readonly displayName: string | undefined;
  /** Of an account that only an approval by name lets be deactivated. */
  readonly role: 'owner' | 'admin' | undefined;
  /** It waits for approval and is not sent. */
  readonly held: boolean;
  readonly holdReason?: HoldReason | undefined;
  readonly reason: CommandReason;
  readonly risk: Risk;
  /** What Learn Amp is known to hold of the fields the command is about; a field that is not known is absent. */
  readonly before: Fields;
  readonly after: Fields;
  /** In words, with the values. */
  readonly summary: string;
};

/** Counts of a preview. What waits for approval is in `held` alone. */
export type PreviewTotals = {
  readonly send: number;
  readonly held: number;
  readonly byKind: Readonly<Partial<Record<CommandKind, number>>>;
  readonly byReason: Readonly<Partial<Record<CommandReason, number>>>;
  readonly byRisk: Readonly<Partial<Record<Risk, number>>>;
  /** People among the deactivations, sent or held, who are owners or admins at Learn Amp. */
  readonly owners: number;
  readonly admins: number;
};

/** What `sync` would do. Nothing of it was done: nothing is recorded, and nothing was sent. */
export type Preview = {
  /**
   * As things are: no event was appended, commands are planned and none succeeded, and `people` are counted as they stand now.
   * `exitCode` and `attention` are those the sync would end with.
   */
  readonly report: SyncReport;
  /** What the sync would lead to: the events it would append, by type, and the people as they would stand afterwards. */
  readonly expected: Pick<SyncReport, 'events' | 'people'>;
  /** Exactly those that would be sent, in their order, and then those that wait for approval. */
  readonly commands: ReadonlyArray<PreviewedCommand>;
  /** The commands in counts, by kind, reason and risk. */
  readonly totals: PreviewTotals;
};
