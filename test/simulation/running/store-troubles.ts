import type { Random } from '@learnamp/directory-sync-simulator';

/** Where a process crosses into its stores or to the network. */
export type Place = 'append' | 'read' | 'keys' | 'rows' | 'cache' | 'inbox' | 'network' | 'avatar';

/** What SQLite says when a file cannot be written: by its result codes (sqlite.org/rescode.html). */
export type StoreTrouble = 'SQLITE_BUSY' | 'SQLITE_FULL' | 'SQLITE_IOERR';

export type StoreTroubles = {
  /** From the next call at one of the places on, so many calls fail. `after`: what was asked for has happened all the same. */
  readonly arm: (
    trouble: StoreTrouble,
    choice: { readonly places: ReadonlyArray<Place>; readonly times: number; readonly after: boolean },
  ) => { readonly hits: () => number };
  /** What strikes this call; counted as struck. */
  readonly strike: (place: Place) => { readonly error: Error; readonly after: boolean } | undefined;
  readonly heal: () => void;
};

type Armed = {
  readonly trouble: StoreTrouble;
  readonly places: ReadonlySet<Place>;
  readonly after: boolean;
  left: number;
  hits: number;
};

const texts: Readonly<Record<StoreTrouble, string>> = {
  SQLITE_BUSY: 'database is locked',
  SQLITE_FULL: 'database or disk is full',
  SQLITE_IOERR: 'disk I/O error',
};

const errorOf = (trouble: StoreTrouble): Error => Object.assign(new Error(texts[trouble]), { code: trouble });

export const makeStoreTroubles = (): StoreTroubles => {
  let armed: Armed[] = [];
  return {
    arm: (trouble, { places, times, after }) => {
      const entry: Armed = { trouble, places: new Set(places), after, left: times, hits: 0 };
      armed.push(entry);
      return { hits: () => entry.hits };
    },
    strike: (place) => {
      const entry = armed.find(({ places, left }) => left > 0 && places.has(place));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return { error: errorOf(entry.trouble), after: entry.after };
    },
    heal: () => {
      armed = [];
    },
  };
};

const writes: readonly [Place, ...Place[]] = ['append', 'keys', 'rows', 'cache', 'inbox'];

/** Mostly the log, since most hangs on it. */
export const placesToFail = (random: Random): ReadonlyArray<Place> =>
  random.chance(0.6) ? ['append'] : [random.pick(writes), random.pick(writes)];
