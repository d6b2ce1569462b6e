import { NoSqliteDriver, loadDriver } from '../sqlite-driver.js';
import type { DriverName } from '../sqlite-driver.js';

const loads = async (name: DriverName): Promise<boolean> => {
  try {
    await loadDriver(name);
    return true;
  } catch (error) {
    if (error instanceof NoSqliteDriver) return false;
    throw error;
  }
};

export const driverNames: ReadonlyArray<DriverName> = ['node:sqlite', 'better-sqlite3'];

/** The bindings that this machine has: every test of a file runs on each. */
export const availableDrivers = async (): Promise<ReadonlyArray<DriverName>> => {
  const answers = await Promise.all(driverNames.map(loads));
  return driverNames.filter((_, index) => answers[index]);
};
