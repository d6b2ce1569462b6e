import { sameHead } from '@learnamp/directory-sync-event-sourcing';
import type {
  BesideRows,
  FoldView,
  Head,
  ProjectionDatabase,
  ProjectionRows,
} from '@learnamp/directory-sync-event-sourcing';
import { openLocalDatabaseNow } from './local-database.js';
import type { LocalDatabaseNow } from './local-database.js';
import type { FileOptions } from './open-file.js';
import type { FoldRow } from './fold-statements.js';
import { viewOf } from './fold-view.js';
import { openScratchRows } from './open-scratch-rows.js';
import { openSqliteProjectionsSnapshot } from './open-sqlite-projections-snapshot.js';
import { isDamage, makeProjectionReads } from './projection-reads.js';
import type { Fold, Told } from './projection-reads.js';
import { prepareProjections } from './projection-statements.js';
import type { ProjectionStatements } from './projection-statements.js';
import type { Connection } from './sqlite-driver.js';
import { writeTransactionNow } from './write-transaction.js';

/** Milliseconds a call waits for another process, and all of this one with it: well under the three seconds Graph waits. */
const BUSY_TIMEOUT = 2_000;

/** `secure_delete`: rows hold personal data, and what is removed is overwritten. */
const pragmas = ['secure_delete = ON', 'cache_size = -16384', `busy_timeout = ${BUSY_TIMEOUT}`];

export type ProjectionsOptions = FileOptions & {
  /** A view of this moment, for another process than the engine's: it writes nothing and takes no commits. */
  readonly snapshot?: boolean | undefined;
};

/** The write-ahead log may still hold what was dropped. Where somebody reads there, it goes when the last one closes. */
const emptyWriteAheadLog = (connection: Connection): void => {
  connection.exec('PRAGMA busy_timeout = 0');
  connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
};

type Database = LocalDatabaseNow<ProjectionStatements>;

/** Damage is repaired once, and the call made again on the new file. */
const attemptOn =
  (database: Database) =>
  <T>(body: (on: ProjectionStatements) => T): T => {
    try {
      return body(database.renewed());
    } catch (error) {
      if (!isDamage(error)) throw error;
      database.giveUp();
      return body(database.renewed());
    }
  };

/** Slices of a `clear` that are removed at once; what is left of a larger fold goes by `sweep`. */
const CLEARED_AT_ONCE = 2;

/**
 * Whether a handle may go on from what stands. Not where another fold took its place: what was read before is not what stands
 * now. And not where rows have no checkpoint yet that somebody else is writing, or where its own such rows were dropped.
 */
const isOurs = (on: ProjectionStatements, before: Told | undefined, known: FoldRow | undefined): boolean => {
  const told = before?.on === on ? before.foldId : undefined;
  if (known === undefined) return told === undefined;
  return told === known.foldId || (told === undefined && known.checkpoint !== undefined);
};

const rowsOf = (database: Database, fold: Fold): BesideRows => {
  const { tell, told, ...reads } = makeProjectionReads(database, fold);
  const attempt = attemptOn(database);

  const commitOn =
    (on: ProjectionStatements, [changes, from, to]: Parameters<ProjectionRows['commit']>) =>
    (): Told | undefined => {
      const known = on.fold(fold, fold.stage);
      const before = told();
      if (!sameHead(known?.checkpoint, from)) return undefined;
      if (!isOurs(on, before, known)) return undefined;
      const standing = known ?? on.beginFold(fold, fold.stage);
      for (const change of changes) on.put(standing.foldId, change);
      on.moveFold(standing, to);
      return { on, foldId: standing.foldId, head: to };
    };

  const takeOverOn = (on: ProjectionStatements, at: Head | undefined) => (): 'taken' | 'moved' => {
    const [built, standing] = [on.fold(fold, 'building'), on.fold(fold, 'standing')];
    if (built === undefined || !sameHead(built.checkpoint, at)) return 'moved';
    if ((standing?.checkpoint?.revision ?? -1n) > (at?.revision ?? -1n)) return 'moved';
    if (standing !== undefined) on.changeStage(standing, 'retired');
    on.changeStage(built, 'standing');
    return 'taken';
  };

  return {
    ...reads,
    commit: (...call) => {
      const committed = attempt((on) => writeTransactionNow(on.connection, commitOn(on, call)));
      if (committed === undefined) return 'moved';
      tell(committed);
      return 'committed';
    },
    clear: () => {
      attempt((on) => {
        writeTransactionNow(on.connection, () => {
          const standing = on.fold(fold, fold.stage);
          if (standing !== undefined) on.changeStage(standing, 'retired');
        });
        for (let slice = 0; slice < CLEARED_AT_ONCE; slice += 1) writeTransactionNow(on.connection, on.sweep);
        emptyWriteAheadLog(on.connection);
      });
      tell(undefined);
    },
    takeOver: (at) => attempt((on) => writeTransactionNow(on.connection, takeOverOn(on, at))),
  };
};

const retireOn = (on: ProjectionStatements, name: string, isKept: (fold: FoldView) => boolean) => (): void => {
  for (const fold of on.folds(name))
    if (fold.stage !== 'retired' && !isKept(viewOf(fold))) on.changeStage(fold, 'retired');
};

/**
 * Opens or makes the projections in the local database. Commits survive the process, and after a power cut the rows are
 * those of an earlier checkpoint. A damaged file is put aside as `<path>.damaged` and begun again, also when the damage
 * shows later: reads throw `ProjectionRowsLost` then until `checkpoint` was asked, which knows nothing.
 *
 * Rejects like `openSqliteEventLog`, except for damage. Calls throw when the file stays locked for two seconds, or the disk
 * is full.
 */
export const openSqliteProjections = async (options: ProjectionsOptions): Promise<ProjectionDatabase> => {
  if (options.snapshot === true) return openSqliteProjectionsSnapshot(options);
  const database = await openLocalDatabaseNow(options, { pragmas, prepare: prepareProjections });
  const attempt = attemptOn(database);
  return {
    rows: (fold) => new Promise((resolve) => resolve(rowsOf(database, { ...fold, stage: 'standing' }))),
    beside: (fold) => new Promise((resolve) => resolve(rowsOf(database, { ...fold, stage: 'building' }))),
    folds: (name) => new Promise((resolve) => resolve(attempt((on) => on.folds(name).map(viewOf)))),
    discard: (name, isKept) =>
      new Promise((resolve) => {
        attempt((on) => {
          writeTransactionNow(on.connection, retireOn(on, name, isKept));
        });
        resolve();
      }),
    sweep: () =>
      new Promise((resolve) => {
        const isMore = attempt((on) => writeTransactionNow(on.connection, on.sweep));
        if (!isMore) emptyWriteAheadLog(database.renewed().connection);
        resolve(isMore);
      }),
    scratch: () => openScratchRows(options.driver),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};
