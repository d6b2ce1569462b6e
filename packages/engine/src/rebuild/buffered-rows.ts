import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { setImmediate } from 'node:timers/promises';
import { DirectorySyncError } from '../directory-sync.js';
import { makeKeptRows } from './kept-rows.js';
import { makePackedRows } from './packed-rows.js';

/** Rows of one commit: about a third of a second, since another process may be waiting to write its own. */
const SLICE = 10_000;
/** Rows kept decoded: most are changed again at once. */
const KEPT = 10_000;
/** Bytes of rows that are not written yet. Once they are, they are kept until the next ones are: as much again. */
const UNWRITTEN = 48 * 1024 * 1024;

export type BufferedRows = ProjectionRows & {
  /** Whether what is not written yet takes up as much memory as it may. */
  readonly isFull: () => boolean;
  /** Writes what is not written yet, slice by slice: others get their turn in between. Told how many rows, of how many. */
  readonly writeOut: (onSlice?: (done: number, total: number) => void) => Promise<void>;
};

export type BufferLimits = {
  /** Rows of one commit. */
  readonly slice?: number | undefined;
  /** Rows that wait to be written. By default only their size counts. */
  readonly unwritten?: number | undefined;
};

/** Looked up only to note who is to be planned again, and of a fold that is built everybody is. */
const unasked: ReadonlySet<string> = new Set(['manager', 'override']);

const taken = (): DirectorySyncError =>
  new DirectorySyncError('log-unavailable', 'Another rebuild of these rows is under way; this one ended. Try again.');

/**
 * Rows of a fold that nobody reads yet. They are kept in memory, most of them as text, and written once for many events.
 *
 * Invariant: the rows below have a checkpoint only while they are those of that checkpoint. What takes several commits takes
 * it away with the first and sets it with the last, so whoever finds rows without one has to begin anew.
 */
export const bufferedRows = (base: ProjectionRows, limits: BufferLimits = {}): BufferedRows => {
  const { slice = SLICE, unwritten = Infinity } = limits;
  let staged = new Map<string, Map<string, RowChange>>();
  let count = 0;
  let dirty = makePackedRows();
  let clean = makePackedRows();
  let kept = makeKeptRows(KEPT);
  let written = base.checkpoint();
  let checkpoint: Head | undefined = written;
  /** Nothing was ever written: nothing is looked for there. */
  let isFresh = written === undefined;

  const pack = (): void => {
    for (const [table, rows] of staged)
      for (const change of rows.values()) {
        dirty.put(change);
        kept.put(table, change.key, change.value);
      }
    staged = new Map();
    count = 0;
  };

  /** One commit after the other; tells how many rows are written, of how many. */
  const write = function* (): Generator<readonly [done: number, total: number]> {
    if (written?.revision === checkpoint?.revision) return;
    pack();
    const rows = [...dirty.inOrder()];
    const to = checkpoint;
    let done = 0;
    do {
      const end = Math.min(done + slice, rows.length);
      const next = end === rows.length ? to : undefined;
      if (base.commit(rows.slice(done, end), written, next) === 'moved') throw taken();
      written = next;
      isFresh = false;
      done = end;
      yield [done, rows.length];
    } while (done < rows.length);
    clean = dirty;
    dirty = makePackedRows();
  };

  /** What is about to be read below has to be there. */
  const flush = (table: string): void => {
    if (!staged.has(table) && !dirty.has(table)) return;
    const writing = write();
    while (writing.next().done !== true);
  };

  const stage = (change: RowChange): void => {
    const rows = staged.get(change.table) ?? new Map<string, RowChange>();
    staged.set(change.table, rows);
    if (!rows.has(change.key)) count += 1;
    rows.set(change.key, change);
  };

  const read = (table: string, key: string): unknown => {
    const packed = dirty.find(table, key) ?? clean.find(table, key);
    if (packed !== undefined) return packed.value;
    return isFresh ? undefined : base.get(table, key);
  };

  return {
    checkpoint: () => checkpoint,
    get: (table, key) => {
      const change = staged.get(table)?.get(key);
      if (change !== undefined) return change.value;
      const known = kept.get(table, key);
      if (known !== undefined) return known;
      const found = read(table, key);
      if (found !== undefined) kept.put(table, key, found);
      return found;
    },
    keysAt: (table, index, value) => {
      if (unasked.has(index)) return [];
      flush(table);
      return base.keysAt(table, index, value);
    },
    countAt: (table, index, value) => {
      flush(table);
      return base.countAt(table, index, value);
    },
    scan: (table) => {
      flush(table);
      return base.scan(table);
    },
    commit: (made, from, to) => {
      if (from?.revision !== checkpoint?.revision || from?.hash !== checkpoint?.hash) return 'moved';
      for (const change of made) stage(change);
      checkpoint = to;
      if (count >= slice) pack();
      return 'committed';
    },
    clear: () => {
      base.clear();
      kept = makeKeptRows(KEPT);
      [dirty, clean] = [makePackedRows(), makePackedRows()];
      staged = new Map();
      count = 0;
      written = undefined;
      checkpoint = undefined;
      isFresh = true;
    },
    check: base.check,
    isFull: () => dirty.bytes() >= UNWRITTEN || dirty.count() + count >= unwritten,
    writeOut: async (onSlice) => {
      for (const [done, total] of write()) {
        onSlice?.(done, total);
        await setImmediate();
      }
    },
  };
};
