import type { Head, ProjectionRows, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { makeMemoryRows } from '@learnamp/directory-sync-event-sourcing';

const inOrder = (keys: Iterable<string>): ReadonlyArray<string> => [...keys].sort();

/**
 * Rows to look at: reads go through to others, and what is written stays in memory. Invariant: nothing is ever written to
 * the rows below, cleared ones neither.
 */
export const overlayRows = (base: ProjectionRows): ProjectionRows => {
  const own = makeMemoryRows();
  /** By table, the keys that the rows below do not speak for any more. */
  const covered = new Map<string, Set<string>>();
  let isHidden = false;
  let checkpoint: Head | undefined = base.checkpoint();
  let written: Head | undefined;

  const below = (table: string, key: string): boolean => !isHidden && covered.get(table)?.has(key) !== true;

  const cover = (changes: ReadonlyArray<RowChange>): void => {
    for (const { table, key } of changes) {
      const keys = covered.get(table) ?? new Set<string>();
      keys.add(key);
      covered.set(table, keys);
    }
  };

  const keysAt = (table: string, index: string, value: string): ReadonlyArray<string> => {
    const mine = own.keysAt(table, index, value);
    if (isHidden) return mine;
    const theirs = base.keysAt(table, index, value);
    if (!covered.has(table)) return theirs;
    return inOrder([...theirs.filter((key) => below(table, key)), ...mine]);
  };

  function* scan(table: string): Generator<readonly [string, unknown]> {
    const mine = own.scan(table);
    let next = mine.next();
    if (!isHidden)
      for (const row of base.scan(table)) {
        if (!below(table, row[0])) continue;
        for (; next.done !== true && next.value[0] < row[0]; next = mine.next()) yield next.value;
        yield row;
      }
    for (; next.done !== true; next = mine.next()) yield next.value;
  }

  return {
    checkpoint: () => checkpoint,
    get: (table, key) => (below(table, key) ? base.get(table, key) : own.get(table, key)),
    keysAt,
    countAt: (table, index, value) => keysAt(table, index, value).length,
    scan,
    commit: (changes, from, to) => {
      if (from?.revision !== checkpoint?.revision || from?.hash !== checkpoint?.hash) return 'moved';
      cover(changes);
      own.commit(changes, written, to);
      written = to;
      checkpoint = to;
      return 'committed';
    },
    check: base.check,
    clear: () => {
      isHidden = true;
      covered.clear();
      own.clear();
      written = undefined;
      checkpoint = undefined;
    },
  };
};
