import { sameHead } from '@learnamp/directory-sync-event-sourcing';
import type { ProjectionDatabase, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { openLocalDatabaseNow } from './local-database.js';
import type { LocalDatabaseNow } from './local-database.js';
import type { FileOptions } from './open-file.js';
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

const rowsOf = (database: LocalDatabaseNow<ProjectionStatements>, fold: Fold): ProjectionRows => {
  const { tell, ...reads } = makeProjectionReads(database, fold);
  const { name, version } = fold;

  /** Damage is repaired once, and the call made again on the new file. */
  const attempt = <T>(body: (on: ProjectionStatements) => T): T => {
    try {
      return body(database.renewed());
    } catch (error) {
      if (!isDamage(error)) throw error;
      database.giveUp();
      return body(database.renewed());
    }
  };

  const commitOn =
    (on: ProjectionStatements, [changes, from, to]: Parameters<ProjectionRows['commit']>) =>
    (): Told | undefined => {
      const standing = on.fold(name);
      const known = standing?.version === version ? standing : undefined;
      if (!sameHead(known?.head, from)) return undefined;
      if (standing !== undefined && known === undefined) on.dropFold(standing.foldId);
      const foldId = known?.foldId ?? on.beginFold(name, version);
      for (const change of changes) on.put(foldId, change);
      on.moveFold(foldId, to);
      return { on, foldId, head: to };
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
          const standing = on.fold(name);
          if (standing !== undefined) on.dropFold(standing.foldId);
        });
        emptyWriteAheadLog(on.connection);
      });
      tell(undefined);
    },
  };
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
  return {
    rows: (fold) => new Promise((resolve) => resolve(rowsOf(database, fold))),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};
