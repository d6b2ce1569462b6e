import type { FoldView, Head } from '@learnamp/directory-sync-event-sourcing';
import type { ProjectionName } from '../directory-sync.js';

/**
 * The life of the rows of a projection.
 *
 * - `new`: nothing was folded by this version yet.
 * - `booting`: being folded, beside rows that stand or in place of those of an older version.
 * - `active`: what this version reads and writes.
 * - `paused`: a rebuild that was stopped or killed; the next one goes on from its checkpoint.
 * - `finished`: others took their place; they are being removed.
 * - `detached`: of another version of the code. Who goes back to that version finds them.
 * - `error`: stopped at an event that this version cannot read.
 */
export type ProjectionState = 'new' | 'booting' | 'active' | 'paused' | 'finished' | 'detached' | 'error';

/** How one projection stands. */
export type ProjectionView = {
  readonly name: ProjectionName;
  /** How events become rows: another version has other rows. */
  readonly version: string;
  readonly state: ProjectionState;
  /** The last event that was folded. */
  readonly checkpoint: { readonly revision: string; readonly hash: string } | null;
  /** How far the log is ahead: in events, and in seconds between what was recorded then and last. */
  readonly behind: { readonly events: number; readonly seconds: number };
  /** Since when these rows have been standing, built or left behind. `null`: there are none. */
  readonly since: string | null;
  /** Where it stopped, and why: one sentence. */
  readonly stoppedAt: StoppedAt | null;
};

/** The event that a projection could not fold, and why, in one sentence. */
export type StoppedAt = { readonly revision: string; readonly type: string; readonly reason: string };

export type FoldFacts = {
  /** Of the version that asks. */
  readonly isOurs: boolean;
  readonly stopped: boolean;
  /** Somebody moved it on within the last half minute. */
  readonly isMoving: boolean;
  /** Rows of another version are further on. */
  readonly isOvertaken: boolean;
};

type Judge = (facts: FoldFacts) => ProjectionState;

/** What a fold's stage means, by stage: total, so that a new stage does not compile without an answer. */
const judges: Readonly<Record<FoldView['stage'], Judge>> = {
  standing: ({ isOurs, stopped, isOvertaken }) =>
    !isOurs ? 'detached' : stopped ? 'error' : isOvertaken ? 'booting' : 'active',
  building: ({ isOurs, stopped, isMoving }) =>
    !isOurs ? 'detached' : stopped ? 'error' : isMoving ? 'booting' : 'paused',
  retired: () => 'finished',
};

export const projectionState = (stage: FoldView['stage'], facts: FoldFacts): ProjectionState => judges[stage](facts);

export const checkpointView = (head: Head | undefined): ProjectionView['checkpoint'] =>
  head === undefined ? null : { revision: head.revision.toString(), hash: head.hash };
