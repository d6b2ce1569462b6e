export type { FileOptions } from './open-file.js';
export { openSqliteEventLog } from './open-sqlite-event-log.js';
export { openSqliteKeyStore } from './open-sqlite-key-store.js';
export { openSqliteLocalCache } from './open-sqlite-local-cache.js';
export { NoSqliteDriver } from './sqlite-driver.js';
export type { DriverName } from './sqlite-driver.js';
export { SqliteFileRefused } from './sqlite-errors.js';
