import { eventLogConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { describe, it } from 'vitest';
import { openSqliteEventLog } from './open-sqlite-event-log.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

for (const driver of await availableDrivers()) {
  eventLogConformance({
    name: `SQLite through ${driver}`,
    describe,
    it,
    capabilities: ['unique-ids'],
    durable: true,
    open: async () => {
      const folder = await scratchFolder();
      const options = { path: folder.path('log.db'), driver };
      let log = await openSqliteEventLog(options);
      return {
        log,
        reopen: async () => {
          await log.close();
          log = await openSqliteEventLog(options);
          return log;
        },
        close: async () => {
          await log.close();
          await folder.remove();
        },
      };
    },
  });
}
