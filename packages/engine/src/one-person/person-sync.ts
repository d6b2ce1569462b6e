import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Viewer } from '../access/access.js';
import type { SyncOptions } from '../directory-sync.js';
import type { SyncReport } from '../sync-report.js';
import type { LiveStep, WhyCommand, WhyEvent } from '../why/why.js';

/**
 * `synced`: a member, and both sides were looked at. `not-a-member`: nothing was recorded and nothing sent. `unknown-person`: the
 * same, and neither the log nor Microsoft Graph knows anybody of this id. `undecided`: what was asked has no usable answer.
 */
export type PersonSyncOutcome = 'synced' | 'not-a-member' | 'unknown-person' | 'undecided';

/** One cycle over one person, as the engine that ran it tells it: without any value of theirs. */
export type PersonCycle = {
  readonly userId: ObjectId;
  readonly outcome: PersonSyncOutcome;
  /** What it came to, in a sentence or two. */
  readonly conclusion: string;
  /** As of any cycle; `commands`, `attention` and the exit code are of this person alone. */
  readonly report: SyncReport;
  /** What was asked and answered, in order. */
  readonly steps: ReadonlyArray<LiveStep>;
  /** What the cycle recorded carries this. */
  readonly correlationId: string;
};

/** The trace of one person's sync. Values stand in it: it is for whoever asked, and for no log. */
export type PersonSync = PersonCycle & {
  /** What was recorded of the person, in order. */
  readonly events: ReadonlyArray<WhyEvent>;
  /** What was sent, with the values before and after, the reason and the receipt. */
  readonly commands: ReadonlyArray<WhyCommand>;
};

/** On whose behalf one person is synced, and how it may be stopped. */
export type PersonSyncOptions = Pick<SyncOptions, 'onProgress' | 'signal' | 'patienceMs'> & {
  /** Who asks: recorded with what it finds, and in the access log. */
  readonly by?: Viewer | undefined;
};
