import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError } from '../directory-sync.js';
import { makeKeptRows } from './kept-rows.js';

/** Rows of one commit: about a third of a second, since another process may be waiting to write its own. */
const ROWS = 10_000;
/** Rows kept beyond their commit: most are changed again. Some hundred megabytes at most. */
const KEPT = 60_000;
/** Events that a death costs at most. */
const EVENTS = 20_000n;

export type BufferedRows = ProjectionRows & {
  /** Commits what is left. */
  readonly flush: () => void;
};

/** Looked up only to note who is to be planned again, and of a fold that is built everybody is. */
const unasked: ReadonlySet<string> = new Set(['manager', 'override']);

const taken = (): DirectorySyncError =>
  new DirectorySyncError('log-unavailable', 'Another rebuild of these rows is under way; this one ended. Try again.');

/**
 * Rows of a fold that nobody reads yet: commits are gathered, so that a row is written once for many events. Rows and
 * checkpoint still reach the rows below together: whoever dies in between goes on from the last such commit.
 */
export const bufferedRows = (base: ProjectionRows, most: number = ROWS): BufferedRows => {
  let staged = new Map<string, Map<string, RowChange>>();
  let kept = makeKeptRows(KEPT);
  let count = 0;
  let written = base.checkpoint();
  let checkpoint: Head | undefined = written;

  const changes = function* (): Generator<RowChange> {
    // In the order of keys: neighbours in the tree are written one after the other.
    for (const [, rows] of staged) yield* [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  };

  const flush = (): void => {
    if (written?.revision === checkpoint?.revision) return;
    if (base.commit([...changes()], written, checkpoint) === 'moved') throw taken();
    written = checkpoint;
    for (const [table, rows] of staged) for (const { key, value } of rows.values()) kept.put(table, key, value);
    staged = new Map();
    count = 0;
  };

  const stage = (change: RowChange): void => {
    const rows = staged.get(change.table) ?? new Map<string, RowChange>();
    staged.set(change.table, rows);
    if (!rows.has(change.key)) count += 1;
    rows.set(change.key, change);
  };

  return {
    checkpoint: () => checkpoint,
    get: (table, key) => {
      const change = staged.get(table)?.get(key);
      if (change !== undefined) return change.value;
      if (written === undefined) return undefined;
      const known = kept.get(table, key);
      if (known !== undefined) return known;
      const read = base.get(table, key);
      if (read !== undefined) kept.put(table, key, read);
      return read;
    },
    keysAt: (table, index, value) => {
      if (unasked.has(index)) return [];
      flush();
      return base.keysAt(table, index, value);
    },
    countAt: (table, index, value) => {
      flush();
      return base.countAt(table, index, value);
    },
    scan: (table) => {
      if (staged.has(table)) flush();
      return base.scan(table);
    },
    commit: (made, from, to) => {
      if (from?.revision !== checkpoint?.revision || from?.hash !== checkpoint?.hash) return 'moved';
      for (const change of made) stage(change);
      checkpoint = to;
      const ahead = (to?.revision ?? -1n) - (written?.revision ?? -1n);
      if (count >= most || ahead >= EVENTS) flush();
      return 'committed';
    },
    clear: () => {
      base.clear();
      kept = makeKeptRows(KEPT);
      staged = new Map();
      count = 0;
      written = undefined;
      checkpoint = undefined;
    },
    check: base.check,
    flush,
  };
};
