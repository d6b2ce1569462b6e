import type { BesideRows, FoldView, ProjectionDatabase } from '@learnamp/directory-sync-event-sourcing';
import { viewOf } from './fold-view.js';
import { localFile } from './local-database.js';
import { openAsItIs } from './open-file.js';
import type { FileOptions } from './open-file.js';
import { openScratchRows } from './open-scratch-rows.js';
import { isDamage, makeProjectionReads } from './projection-reads.js';
import type { Fold, StatementSource } from './projection-reads.js';
import { prepareProjections } from './projection-statements.js';
import type { ProjectionStatements } from './projection-statements.js';
import { loadDriver } from './sqlite-driver.js';
import type { Connection, SqliteDriver } from './sqlite-driver.js';
import { isDamaged, SqliteFileRefused } from './sqlite-errors.js';

const refuse = (): never => {
  throw new Error('A snapshot of the projections takes no changes: open them without `snapshot` to write.');
};

/** A read transaction sees one moment, and that moment is its first read. */
const beginReading = (connection: Connection): ProjectionStatements => {
  try {
    const statements = prepareProjections(connection);
    connection.exec('BEGIN');
    statements.hasFold(0n);
    return statements;
  } catch (error) {
    connection.close();
    throw error;
  }
};

const open = (path: string, driver: SqliteDriver): ProjectionStatements | undefined => {
  try {
    const connection = openAsItIs(localFile, path, driver);
    return connection === undefined ? undefined : beginReading(connection);
  } catch (error) {
    if (isDamaged(error) || (error instanceof SqliteFileRefused && error.reason === 'damaged')) return undefined;
    throw error;
  }
};

/**
 * What the projections hold at this moment, whatever is committed afterwards. Nothing is written, not even to a
 * write-ahead log that a crash left behind. A file that is absent, damaged or of an older schema holds nothing.
 *
 * To be closed soon: while it is open, the write-ahead log of whoever writes can only grow.
 */
export const openSqliteProjectionsSnapshot = async (options: FileOptions): Promise<ProjectionDatabase> => {
  let statements = open(options.path, await loadDriver(options.driver));
  let closed = false;

  const leave = (): void => {
    statements?.connection.close();
    statements = undefined;
  };
  const present = (): ProjectionStatements | undefined => {
    if (closed) throw new Error(`The ${localFile.name} is closed.`);
    return statements;
  };
  const source: StatementSource = { renewed: present, rows: present, giveUp: leave };

  const rowsOf = (fold: Fold): BesideRows => {
    const { checkpoint, get, keysAt, countAt, scan, check } = makeProjectionReads(source, fold);
    return { checkpoint, get, keysAt, countAt, scan, check, commit: refuse, clear: refuse, takeOver: refuse };
  };

  const folds = (name: string): ReadonlyArray<FoldView> => {
    try {
      return present()?.folds(name).map(viewOf) ?? [];
    } catch (error) {
      if (!isDamage(error)) throw error;
      leave();
      return [];
    }
  };

  return {
    rows: (fold) => new Promise((resolve) => resolve(rowsOf({ ...fold, stage: 'standing' }))),
    beside: (fold) => new Promise((resolve) => resolve(rowsOf({ ...fold, stage: 'building' }))),
    folds: (name) => new Promise((resolve) => resolve(folds(name))),
    discard: () => new Promise(refuse),
    sweep: () => new Promise(refuse),
    scratch: () => openScratchRows(options.driver),
    close: () => {
      closed = true;
      leave();
      return Promise.resolve();
    },
  };
};
