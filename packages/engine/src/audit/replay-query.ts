import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { CommandView } from './command-view.js';
import type { Moment } from './moment.js';

/** Which part of the log is told. It is folded from its first event in any case. */
export type ReplayQuery = {
  /** The first event to tell: of a time, the first that was recorded then or later. Default: the first of the log. */
  readonly from?: Moment | undefined;
  /** Inclusive. Default: the head. */
  readonly to?: Moment | undefined;
  /** Events about these people, and those from which something followed for them. Default: every event. */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** `false` folds faster, and tells no commands. */
  readonly commands?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** An event, and what followed from it. */
export type ReplayedEvent = {
  readonly _tag: 'Event';
  readonly revision: string;
  readonly recordedAt: string;
  readonly type: string;
  readonly subjects: ReadonlyArray<string>;
  /** The key that opened its data is destroyed. */
  readonly erased?: true | undefined;
  /** Asked for since this event, and not before it: the plan after it, less the plan before it. */
  readonly commands: ReadonlyArray<CommandView>;
  /** Asked for before it and no longer, although never sent. */
  readonly fellAway: ReadonlyArray<CommandView>;
  /** Sent with it: only of `CommandsDispatched`. */
  readonly sent: ReadonlyArray<CommandView>;
};

/** Where a fold ends. */
export type ReplaySummary = {
  readonly _tag: 'Summary';
  /** All that were folded, whatever was told of them. */
  readonly events: number;
  readonly head: { readonly revision: string; readonly hash: string } | null;
  /** Who was ever in scope. */
  readonly people: number;
  readonly stateDigest: string;
};

/** One line a replayed event, then the summary. */
export type ReplayStep = ReplayedEvent | ReplaySummary;
