import type { Stores } from '@learnamp/directory-sync';
import { LogFailure, type EventLog, type ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import type { Place } from './store-troubles.js';

/** How every call of a process that leaves it is made; what a dead process calls has no effect and no end. */
export type Crossing = {
  readonly cross: <T>(place: Place, what: string, run: () => Promise<T>) => Promise<T>;
  /** A call that cannot wait. Throws where it fails. */
  readonly crossNow: <T>(place: Place, run: () => T) => T;
};

/** A store says that it failed with a value; every other call rejects. */
const asLeft = async <A>(
  tag: 'LogUnavailable' | 'KeyStoreUnavailable',
  run: () => Promise<E.Either<unknown, A>>,
): Promise<E.Either<never, A>> => {
  try {
    return (await run()) as E.Either<never, A>;
  } catch (cause) {
    return E.left({ _tag: tag, cause }) as unknown as E.Either<never, A>;
  }
};

async function* eachPage<T>({ cross }: Crossing, pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await cross('read', 'reads a page', () => iterator.next()).catch((cause: unknown) => {
        throw new LogFailure({ _tag: 'LogUnavailable', cause });
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

const logThrough = (log: EventLog, crossing: Crossing): EventLog => ({
  ...log,
  append: (stream, expected, records) => () =>
    asLeft('LogUnavailable', () => crossing.cross('append', 'appends', log.append(stream, expected, records))),
  head: (stream) => () => asLeft('LogUnavailable', () => crossing.cross('read', 'reads the head', log.head(stream))),
  pages: (stream, options) => eachPage(crossing, log.pages(stream, options)),
  pagesBySubject: (stream, subject, options) => eachPage(crossing, log.pagesBySubject(stream, subject, options)),
});

const rowsThrough = (rows: ProjectionRows, { crossNow }: Crossing): ProjectionRows => ({
  ...rows,
  commit: (changes, from, to) => crossNow('rows', () => rows.commit(changes, from, to)),
  clear: () => crossNow('rows', rows.clear),
});

/** The same stores, for one process: each call a step of the scheduler at which it may fail, or the process may end. */
export const storesThrough = (stores: Stores, crossing: Crossing): Stores => {
  const { log, keys, cache, inbox, projections } = stores;
  const stepping =
    <A extends ReadonlyArray<unknown>, T>(place: Place, what: string, call: (...given: A) => Promise<T>) =>
    (...given: A): Promise<T> =>
      crossing.cross(place, what, () => call(...given));
  return {
    log: logThrough(log, crossing),
    keys: {
      ...keys,
      current: (owners) => () =>
        asLeft('KeyStoreUnavailable', () => crossing.cross('keys', 'asks for keys', keys.current(owners))),
    },
    cache: { ...cache, put: stepping('cache', 'writes its cache', cache.put) },
    inbox: { ...inbox, mark: stepping('inbox', 'marks the inbox', inbox.mark) },
    projections: { ...projections, rows: async (fold) => rowsThrough(await projections.rows(fold), crossing) },
  };
};
