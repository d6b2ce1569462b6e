import type { Stores } from '@learnamp/directory-sync';
import { LogFailure, type EventLog, type ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { Boundaries, Place } from './boundaries.js';

type Failure = 'LogUnavailable' | 'KeyStoreUnavailable';

/** A store says that it failed with a value; every other call rejects. */
const asLeft = async <A>(tag: Failure, run: () => Promise<E.Either<unknown, A>>): Promise<E.Either<never, A>> => {
  try {
    return (await run()) as E.Either<never, A>;
  } catch (cause) {
    return E.left({ _tag: tag, cause }) as unknown as E.Either<never, A>;
  }
};

async function* eachPage<T>(boundaries: Boundaries, pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await boundaries
        .cross('read', () => iterator.next())
        .catch((cause: unknown) => {
          throw new LogFailure({ _tag: 'LogUnavailable', cause });
        });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

const watchedLog = (log: EventLog, boundaries: Boundaries): EventLog => ({
  ...log,
  append: (stream, expected, records) => () =>
    asLeft('LogUnavailable', () => boundaries.cross('append', log.append(stream, expected, records))),
  head: (stream) => () => asLeft('LogUnavailable', () => boundaries.cross('read', log.head(stream))),
  pages: (stream, options) => eachPage(boundaries, log.pages(stream, options)),
  pagesBySubject: (stream, subject, options) => eachPage(boundaries, log.pagesBySubject(stream, subject, options)),
});

/** Commits are boundaries; reads answer from memory of the file, and a dead process makes none. */
const watchedRows = (rows: ProjectionRows, boundaries: Boundaries): ProjectionRows => ({
  ...rows,
  commit: (changes, from, to) => boundaries.crossNow('rows', () => rows.commit(changes, from, to)),
  clear: () => boundaries.crossNow('rows', rows.clear),
});

/** The same stores, with every call that changes or reads a file counted. */
export const watchedStores = (stores: Stores, boundaries: Boundaries): Stores => {
  const { log, keys, cache, inbox, projections } = stores;
  const crossing =
    <A extends ReadonlyArray<unknown>, T>(place: Place, call: (...given: A) => Promise<T>) =>
    (...given: A): Promise<T> =>
      boundaries.cross(place, () => call(...given));
  return {
    log: watchedLog(log, boundaries),
    keys: {
      ...keys,
      current: (owners) => () => asLeft('KeyStoreUnavailable', () => boundaries.cross('keys', keys.current(owners))),
      byId: (ids) => () => asLeft('KeyStoreUnavailable', () => boundaries.cross('keys', keys.byId(ids))),
      destroy: (owner) => () => asLeft('KeyStoreUnavailable', () => boundaries.cross('keys', keys.destroy(owner))),
    },
    cache: { ...cache, get: crossing('cache', cache.get), put: crossing('cache', cache.put) },
    inbox: {
      ...inbox,
      mark: crossing('inbox', inbox.mark),
      pending: crossing('inbox', inbox.pending),
      clear: crossing('inbox', inbox.clear),
    },
    projections: {
      ...projections,
      rows: async (fold) => watchedRows(await projections.rows(fold), boundaries),
    },
  };
};
