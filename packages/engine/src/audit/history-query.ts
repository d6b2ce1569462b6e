import type { CommandKind } from '@learnamp/directory-sync-domain';
import type { Moment, Place } from './moment.js';

/** How far the log is counted, from its first event. */
export type HistoryQuery = {
  /** Inclusive. Default: the head. */
  readonly to?: Moment | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What became of the commands of one kind. */
export type CommandTotals = {
  readonly dispatched: number;
  readonly succeeded: number;
  readonly rejected: number;
  readonly deferred: number;
  readonly parked: number;
  /** People whose command was held; approved, refused, and released because it was needed no more. */
  readonly held: number;
  readonly approved: number;
  readonly refused: number;
  readonly dissolved: number;
};

/** What happened within a day or in all, in counts. */
export type HistoryTotals = {
  readonly cycles: { readonly started: number; readonly completed: number; readonly aborted: number };
  /** By type, everything recorded. */
  readonly events: Readonly<Record<string, number>>;
  /** Events whose data nobody can open any more: their commands are counted as dispatched only. */
  readonly erased: number;
  readonly commands: Readonly<Partial<Record<CommandKind, CommandTotals>>>;
  readonly people: { readonly joined: number; readonly left: number; readonly rejoined: number };
};

/** What was recorded on one day, in UTC. */
export type HistoryDay = HistoryTotals & { readonly _tag: 'Day'; readonly day: string };

/** What had not come to its end. */
export type Standing = {
  readonly inScope: number;
  readonly linked: number;
  readonly waiting: number;
  readonly held: { readonly deactivations: number; readonly creations: number };
  /** People with something of the kind. */
  readonly parked: number;
  readonly deferred: number;
  readonly rejected: number;
  readonly conflicts: number;
  readonly unanswered: number;
  /** What a full plan of everybody would still ask for, by the preferences recorded by then; held ones included. */
  readonly open: Readonly<Partial<Record<CommandKind, number>>>;
};

/** The last step of a history: the totals of all days, and what stands at its end. */
export type HistoryEnd = HistoryTotals & {
  readonly _tag: 'Total';
  /** `null`: the log is empty. */
  readonly from: Place | null;
  readonly to: Place | null;
  readonly days: number;
  readonly standing: Standing;
  readonly stateDigest: string;
};

/** A line for each day on which something was recorded, then the total. */
export type HistoryStep = HistoryDay | HistoryEnd;
