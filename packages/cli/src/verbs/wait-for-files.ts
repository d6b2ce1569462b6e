import { existsSync } from 'node:fs';
import type { Terminal } from '../command-line/terminal.js';
import type { Storage } from '../configuration/configuration.js';

const EVERY_MS = 1_000;

/** Beside a cluster the log is there without a file, and what is read of it without the local database; the keys must be. */
const awaited = (storage: Exclude<Storage, { readonly kind: 'memory' }>): ReadonlyArray<string> =>
  storage.kind === 'eventstoredb' ? [storage.keysPath] : [storage.logPath, storage.keysPath, storage.localPath];

/**
 * A reader makes no file, so one that waits for what will be written waits for the files first: opened too early it would
 * look at an empty log for ever. `false` when it was told to stop before they came.
 */
export const waitForFiles = async (
  storage: Storage,
  { stopSignal, wait }: Pick<Terminal, 'stopSignal' | 'wait'>,
): Promise<boolean> => {
  if (storage.kind === 'memory') return true;
  const signal = stopSignal();
  const paths = awaited(storage);
  while (!paths.every((path) => existsSync(path))) {
    if (signal.aborted) return false;
    await wait(EVERY_MS, signal);
  }
  return true;
};
