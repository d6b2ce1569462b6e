import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError } from '../directory-sync.js';

/** Rows that are gone under an open state. */
export const rowsLost = (cause?: unknown): DirectorySyncError =>
  new DirectorySyncError(
    'log-unavailable',
    'The folded state was lost while it was in use; the next call folds it anew.',
    {
      cause,
    },
  );

/**
 * Rows that throw the one sentence of the engine when they cannot be read, and remember that they did. Where a rebuild put
 * others in their place (`moveOn`), the same is asked of those.
 */
export const guardedRows = (rows: ProjectionRows, onLost: () => void, moveOn: () => boolean): ProjectionRows => {
  const strictly = <A>(read: () => A): A => {
    try {
      return read();
    } catch (cause) {
      onLost();
      throw rowsLost(cause);
    }
  };
  const recover = <A>(cause: unknown, read: () => A): A =>
    strictly(() => {
      if (cause instanceof ProjectionRowsLost && moveOn()) return read();
      throw cause;
    });
  const guard = <A>(read: () => A): A => {
    try {
      return read();
    } catch (cause) {
      return recover(cause, read);
    }
  };
  return {
    checkpoint: () => guard(rows.checkpoint),
    // Millions of times in a rebuild: without a function for each.
    get: (table, key) => {
      try {
        return rows.get(table, key);
      } catch (cause) {
        return recover(cause, () => rows.get(table, key));
      }
    },
    keysAt: (table, index, value) => guard(() => rows.keysAt(table, index, value)),
    countAt: (table, index, value) => guard(() => rows.countAt(table, index, value)),
    scan: function* (table) {
      let iterator = rows.scan(table);
      const begin = () => {
        iterator = rows.scan(table);
        return iterator.next();
      };
      // Once it has begun it cannot go on over other rows: an iterator that threw is at its end, and that would look like all.
      for (let next = guard(begin); next.done !== true; next = strictly(() => iterator.next())) yield next.value;
    },
    commit: (changes, from, to) => guard(() => rows.commit(changes, from, to)),
    check: () => guard(rows.check),
    clear: () => {
      guard(rows.clear);
    },
  };
};
