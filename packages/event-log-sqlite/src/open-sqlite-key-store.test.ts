import { keyStoreConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { describe, it } from 'vitest';
import { openSqliteKeyStore } from './open-sqlite-key-store.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

for (const driver of await availableDrivers()) {
  keyStoreConformance({
    name: `SQLite through ${driver}`,
    describe,
    it,
    durable: true,
    open: async () => {
      const folder = await scratchFolder();
      const options = { path: folder.path('log.db.keys'), driver };
      let keys = await openSqliteKeyStore(options);
      return {
        keys,
        reopen: async () => {
          await keys.close();
          keys = await openSqliteKeyStore(options);
          return keys;
        },
        close: async () => {
          await keys.close();
          await folder.remove();
        },
      };
    },
  });
}
