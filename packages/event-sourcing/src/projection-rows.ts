import type { Head } from './envelope.js';

/**
 * One row that a batch of events leaves behind. `value` is a JSON value, or `undefined` to remove the row. `entries` are
 * what the row is found by besides its key, by the name of an index: they replace those it had.
 */
export type RowChange = {
  readonly table: string;
  readonly key: string;
  readonly value: unknown;
  /** The JSON of `value`, where whoever commits has it at hand: it is not written anew then. */
  readonly text?: string | undefined;
  readonly entries: Readonly<Record<string, ReadonlyArray<string>>>;
};

/**
 * The rows of one fold of one stream: its tables, and the head up to which they were folded. Synchronous, because an
 * embedded database in a file of this machine answers in microseconds, and a fold must see what it has just written.
 *
 * Invariants: rows and checkpoint change together or not at all; only a commit that names the present checkpoint takes
 * effect, so of two processes the slower one never writes older rows over newer ones; no read answers from less than what
 * `checkpoint` told last. Where rows were lost since (damage, a `clear` through another handle) or others took their place,
 * reads throw a `ProjectionRowsLost` until `checkpoint` is asked again, which then tells what is there now.
 */
export interface ProjectionRows {
  readonly checkpoint: () => Head | undefined;
  /** What was committed last under this key, as the same JSON; never to be changed by the caller. */
  readonly get: (table: string, key: string) => unknown;
  /** Keys of the rows that stand in an index under a value, in the order of their code points. */
  readonly keysAt: (table: string, index: string, value: string) => ReadonlyArray<string>;
  /** How many rows stand there. */
  readonly countAt: (table: string, index: string, value: string) => number;
  /** All rows of a table in the order of their keys. Rows committed while it runs may or may not be in it. */
  readonly scan: (table: string) => IterableIterator<readonly [key: string, value: unknown]>;
  /**
   * One transaction. `moved`: the checkpoint is no longer `from`, and nothing was written. Rows without a checkpoint belong to
   * the handle that committed them, until they have one.
   */
  readonly commit: (
    changes: ReadonlyArray<RowChange>,
    from: Head | undefined,
    to: Head | undefined,
  ) => 'committed' | 'moved';
  /** Everything of this fold is dropped, the checkpoint too. Of a large one the room is freed by `sweep`. */
  readonly clear: () => void;
  /** Rows and entries that are not what was written, by what the rows say of themselves. Costs as much as there are rows. */
  readonly check: () => RowsCheck;
}

/** How many rows are not what was written, or are not found where they say; and the first of them. */
export type RowsCheck = {
  readonly altered: number;
  readonly first: ReadonlyArray<{ readonly table: string; readonly key: string }>;
};

export type FoldName = { readonly name: string; readonly version: string };

/**
 * `standing`: what `rows` shows. `building`: made beside it, to take its place. `retired`: nobody reads it any more, and its
 * rows are being removed.
 */
export type FoldStage = 'standing' | 'building' | 'retired';

export type FoldView = {
  readonly version: string;
  readonly stage: FoldStage;
  readonly checkpoint: Head | undefined;
  /** When it got this stage, and when its checkpoint moved last (ISO 8601, by the clock of the machine). */
  readonly since: string;
  readonly movedAt: string;
};

/** Rows that are built beside those that stand. Built over several processes' lives: what was committed stays. */
export interface BesideRows extends ProjectionRows {
  /**
   * One short transaction: these rows become those that stand, if they are at this checkpoint and those that stand are not
   * beyond it. `moved`: they are, and nothing was done. Handles of the rows that stood throw `ProjectionRowsLost` where they
   * would have to answer from less than all of them, and their commits are `moved`, until `checkpoint` is asked.
   */
  readonly takeOver: (at: Head | undefined) => 'taken' | 'moved';
}

/** Where folds keep their rows: what is lost there is folded again from the log. */
export interface ProjectionDatabase {
  /**
   * The rows of one fold. `version` names how events become rows: rows of another version are never shown, and stay until
   * `discard` names them, so that who goes back to an older version finds what it left.
   */
  readonly rows: (fold: FoldName) => Promise<ProjectionRows>;
  /** The rows that are being built for the same fold. */
  readonly beside: (fold: FoldName) => Promise<BesideRows>;
  /** Every fold of a name, whatever its version and stage; the newest first. */
  readonly folds: (name: string) => Promise<ReadonlyArray<FoldView>>;
  /** Retires the folds of a name that are not to be kept: at once nobody is shown them any more. */
  readonly discard: (name: string, isKept: (fold: FoldView) => boolean) => Promise<void>;
  /** Removes some thousands of rows of retired folds. `true`: there are more. Never blocks for long. */
  readonly sweep: () => Promise<boolean>;
  /** Rows to work on, that never take up more than a little memory, are in no file that stays, and are gone once closed. */
  readonly scratch: () => Promise<{ readonly rows: ProjectionRows; readonly close: () => void }>;
  /** May be called again. */
  readonly close: () => Promise<void>;
}
