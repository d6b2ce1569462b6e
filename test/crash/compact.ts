import { loadDriver } from '../../packages/event-log-sqlite/src/sqlite-driver.js';

/** Writes a database anew, so that nothing stands in it but what counts: pages that were split keep old copies of records. */
export const compact = async (path: string): Promise<void> => {
  const connection = (await loadDriver()).open(path);
  connection.exec('VACUUM');
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  connection.close();
};
