import { eventLogConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import type { LogDamage } from '@learnamp/directory-sync-event-sourcing/conformance';
import { describe, it } from 'vitest';
import { openSqliteEventLog } from './open-sqlite-event-log.js';
import { type DriverName, loadDriver } from './sqlite-driver.js';
import { availableDrivers, driverNames } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

const STREAM = 'stream_id = (SELECT stream_id FROM streams WHERE name = ?)';

/** Somebody with another connection to the file. */
const damageTo = (path: string, driver: DriverName): LogDamage => {
  const exec = async (sql: string, ...parameters: ReadonlyArray<string | bigint>): Promise<void> => {
    const connection = (await loadDriver(driver)).open(path);
    connection.prepare(sql).run(...parameters);
    connection.close();
  };
  return {
    rewrite: async (stream, revision, { data, metadata }) => {
      const set = (column: string, text: string) =>
        exec(`UPDATE events SET ${column} = ? WHERE ${STREAM} AND revision = ?`, text, stream, revision);
      if (data !== undefined) await set('data', data);
      if (metadata !== undefined) await set('metadata', metadata);
    },
    cutOff: (stream) => exec(`DELETE FROM events WHERE ${STREAM} AND revision > 2`, stream),
  };
};

const available = await availableDrivers();

for (const driver of driverNames) {
  const isThere = available.includes(driver);
  const reason = driver === 'node:sqlite' ? 'Node has it from 22.5 on' : 'it is an optional dependency';
  eventLogConformance({
    name: isThere
      ? `SQLite through ${driver}`
      : `SQLite through ${driver} (left out: not in ${process.version}, ${reason})`,
    describe: describe.skipIf(!isThere),
    it,
    open: async () => {
      const folder = await scratchFolder();
      const options = { path: folder.path('log.db'), driver };
      let log = await openSqliteEventLog(options);
      return {
        log,
        capabilities: ['unique-ids', 'durable'],
        damage: damageTo(options.path, driver),
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
