import { existsSync } from 'node:fs';
import {
  openSqliteInbox,
  openSqliteKeyStore,
  openSqliteLocalCache,
  openSqliteProjections,
} from '@learnamp/directory-sync-event-log-sqlite';
import {
  makeMemoryCache,
  makeMemoryInbox,
  makeMemoryKeyStore,
  makeMemoryProjections,
} from '@learnamp/directory-sync-event-sourcing';
import type { MasterKey } from '@learnamp/directory-sync-event-sourcing';
import type { Stores } from './memory.js';

export type LocalStoresOptions = {
  /** The file of the key store: personal data can be read by it. Made with mode 0600. */
  readonly keysPath: string;
  /** The file of what can be made again: rows, caches, marks. It holds people in clear, and belongs in no backup. */
  readonly localPath: string;
  /** Wraps the keys in the key store's file. A file that another one wraps, or none, is refused. */
  readonly masterKey?: MasterKey | undefined;
  /**
   * For previews and views: makes no file (what does not exist yet is an empty store in memory), and the projections are a
   * snapshot of this moment that takes no commits.
   */
  readonly readOnly?: boolean | undefined;
};

type Closing = { readonly close: () => Promise<void> };

/** Opens one store after the other; what was opened is closed again when a later one fails. */
export const openTogether = async <A>(open: (keep: <S extends Closing>(store: S) => S) => Promise<A>): Promise<A> => {
  const opened: Closing[] = [];
  try {
    return await open((store) => {
      opened.push(store);
      return store;
    });
  } catch (error) {
    for (const store of opened) await store.close();
    throw error;
  }
};

/** Whether a store is in memory because nothing may be written and its file is not there. */
export const isAbsent = ({ readOnly }: Pick<LocalStoresOptions, 'readOnly'>, path: string): boolean =>
  readOnly === true && !existsSync(path);

/** Key store, and local database (cache, notification inbox, projections), in files of this machine: beside any log. */
export const openLocalStores = async (
  options: LocalStoresOptions,
  keep: <S extends Closing>(store: S) => S,
): Promise<Omit<Stores, 'log'>> => {
  const { keysPath, localPath, masterKey, readOnly: snapshot } = options;
  const keys = keep(
    isAbsent(options, keysPath) ? makeMemoryKeyStore() : await openSqliteKeyStore({ path: keysPath, masterKey }),
  );
  if (isAbsent(options, localPath))
    return { keys, projections: makeMemoryProjections(), cache: makeMemoryCache(), inbox: makeMemoryInbox() };
  // The snapshot before the others of its file: it is then the file as it was found.
  const projections = keep(await openSqliteProjections({ path: localPath, snapshot }));
  const cache = keep(await openSqliteLocalCache({ path: localPath }));
  const inbox = keep(await openSqliteInbox({ path: localPath }));
  return { keys, projections, cache, inbox };
};
