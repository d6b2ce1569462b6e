import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './sqlite-driver.js';
import { isBusy } from './sqlite-errors.js';

/** How long a writer waits for another process, in milliseconds, and how often it looks. */
export type Patience = { readonly milliseconds: number; readonly pause: number };

export const PATIENCE: Patience = { milliseconds: 5_000, pause: 15 };

/**
 * Runs something that another process may hold up. SQLite's own wait would block the event loop, so the waiting is done
 * here, between attempts.
 */
export const whenFree = async <T>(attempt: () => T, { milliseconds, pause }: Patience = PATIENCE): Promise<T> => {
  for (let left = Math.ceil(milliseconds / pause); ; left -= 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || left <= 0) throw error;
      await delay(pause);
    }
  }
};

const rollBack = (connection: Connection): void => {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // After a full disk or an I/O error SQLite has rolled back by itself already.
  }
};

/**
 * One write transaction, from `BEGIN` to `COMMIT` in one turn: nothing else of this process gets between. What `body`
 * throws rolls everything back. The lock is taken first, so `body` sees the newest state, and it runs once.
 */
export const writeTransaction = async <T>(connection: Connection, body: () => T, patience?: Patience): Promise<T> => {
  // A failure is handed out as a value, so that only the wait for the lock is ever tried again.
  const outcome = await whenFree(() => {
    connection.exec('BEGIN IMMEDIATE');
    return settle(connection, body);
  }, patience);
  return outcome();
};

/** The same for a caller that cannot wait but in SQLite's own `busy_timeout`. */
export const writeTransactionNow = <T>(connection: Connection, body: () => T): T => {
  connection.exec('BEGIN IMMEDIATE');
  return settle(connection, body)();
};

const settle = <T>(connection: Connection, body: () => T): (() => T) => {
  try {
    const value = body();
    connection.exec('COMMIT');
    return () => value;
  } catch (error) {
    rollBack(connection);
    return () => {
      throw error;
    };
  }
};
