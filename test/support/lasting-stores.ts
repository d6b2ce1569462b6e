import { openMemoryStores, type Stores } from '@learnamp/directory-sync';

/** Memory that outlives the engine: a new process over the same files. */
export const lastingStores = (): Stores => {
  const stores = openMemoryStores();
  const close = (): Promise<void> => Promise.resolve();
  return {
    log: { ...stores.log, close },
    keys: { ...stores.keys, close },
    cache: { ...stores.cache, close },
    inbox: { ...stores.inbox, close },
    projections: { ...stores.projections, close },
  };
};
