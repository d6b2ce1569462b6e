import type { Head } from './envelope.js';

/**
 * One row that a batch of events leaves behind. `value` is a JSON value, or `undefined` to remove the row. `entries` are
 * what the row is found by besides its key, by the name of an index: they replace those it had.
 */
export type RowChange = {
  readonly table: string;
  readonly key: string;
  readonly value: unknown;
  readonly entries: Readonly<Record<string, ReadonlyArray<string>>>;
};

/**
 * The rows of one fold of one stream: its tables, and the head up to which they were folded. Synchronous, because an
 * embedded database in a file of this machine answers in microseconds, and a fold must see what it has just written.
 *
 * Invariants: rows and checkpoint change together or not at all; only a commit that names the present checkpoint takes
 * effect, so of two processes the slower one never writes older rows over newer ones; no read answers from less than what
 * `checkpoint` told last. Where rows were lost since (damage, a `clear` or another version through another handle), reads
 * throw a `ProjectionRowsLost` until `checkpoint` is asked again, which then tells what is there now: as a rule nothing.
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
  /** One transaction. `moved`: the checkpoint is no longer `from`, and nothing was written. */
  readonly commit: (
    changes: ReadonlyArray<RowChange>,
    from: Head | undefined,
    to: Head | undefined,
  ) => 'committed' | 'moved';
  /** Everything of this fold is dropped, the checkpoint too. */
  readonly clear: () => void;
}

/** Where folds keep their rows: what is lost there is folded again from the log. */
export interface ProjectionDatabase {
  /**
   * The rows of one fold. `version` names how events become rows: rows of another version are dropped by the next commit,
   * and never shown.
   */
  readonly rows: (fold: { readonly name: string; readonly version: string }) => Promise<ProjectionRows>;
  /** May be called again. */
  readonly close: () => Promise<void>;
}
