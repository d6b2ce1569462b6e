import { sameHead } from '@learnamp/directory-sync-event-sourcing';
import type { ProjectionDatabase, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { localFile } from './local-database.js';
import { makeProjectionReads } from './projection-reads.js';
import type { Fold } from './projection-reads.js';
import { prepareProjections } from './projection-statements.js';
import { loadDriver } from './sqlite-driver.js';
import type { DriverName } from './sqlite-driver.js';
import { writeTransactionNow } from './write-transaction.js';

const fold: Fold = { name: 'scratch', version: '', stage: 'standing' };

/** Nothing here has to survive anything, and the page cache is what keeps it off the disk. */
const pragmas = ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -65536'];

/**
 * Rows in a temporary database of SQLite's own: without a name, in memory up to the size of the cache, and beyond that in a
 * file that is deleted while it is open, so that no end of the process leaves it behind.
 */
export const openScratchRows = async (driver: DriverName | undefined): ReturnType<ProjectionDatabase['scratch']> => {
  const connection = (await loadDriver(driver)).open('');
  for (const pragma of pragmas) connection.exec(`PRAGMA ${pragma}`);
  for (const step of localFile.migrations) connection.exec(step);
  const on = prepareProjections(connection);
  const source = { renewed: () => on, rows: () => on, giveUp: connection.close };
  const { checkpoint, get, keysAt, countAt, scan, check, tell } = makeProjectionReads(source, fold);
  const commit: ProjectionRows['commit'] = (changes, from, to) =>
    writeTransactionNow(connection, () => {
      const known = on.fold(fold, fold.stage);
      if (!sameHead(known?.checkpoint, from)) return 'moved';
      const standing = known ?? on.beginFold(fold, fold.stage);
      for (const change of changes) on.put(standing.foldId, change);
      on.moveFold(standing, to);
      tell({ on, foldId: standing.foldId, head: to });
      return 'committed';
    });
  const clear = (): void => {
    const standing = on.fold(fold, fold.stage);
    if (standing !== undefined) on.changeStage(standing, 'retired');
    tell(undefined);
  };
  return { rows: { checkpoint, get, keysAt, countAt, scan, check, commit, clear }, close: connection.close };
};
