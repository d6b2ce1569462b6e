import type { Connection } from './sqlite-driver.js';
import { PATIENCE, whenFree } from './write-transaction.js';

/**
 * Empties the write-ahead log, which may still hold pages with what was removed or replaced. Rejects where somebody reads
 * there for longer than a writer waits: then nothing is promised, and it may be asked again.
 */
export const emptyWriteAheadLog = (connection: Connection, name: string): Promise<void> =>
  whenFree(() => {
    const busy = connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
    if (busy !== 0n) throw Object.assign(new Error(`Another process reads the ${name}.`), { code: 'SQLITE_BUSY' });
  }, PATIENCE);
