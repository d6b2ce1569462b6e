import type { Head } from './envelope.js';
import { ProjectionRowsLost } from './projection-rows-lost.js';
import type {
  BesideRows,
  FoldName,
  FoldView,
  ProjectionDatabase,
  ProjectionRows,
  RowChange,
} from './projection-rows.js';
import { sameHead } from './same-head.js';

type Entries = RowChange['entries'];
type Row = Pick<RowChange, 'value' | 'entries'>;

/** UTF-16 puts characters beyond U+FFFF before some of those below it; code points do not. */
const byCodePoints = (a: string, b: string): number => {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  // In the middle of a pair both halves differ in the lower one only, which orders as the whole does.
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
};
const inOrder = (keys: Iterable<string>): ReadonlyArray<string> => [...keys].sort(byCodePoints);

const none: Entries = {};

/** An index may be called "constructor". */
const valuesOf = (entries: Entries, name: string): ReadonlyArray<string> =>
  (Object.hasOwn(entries, name) ? entries[name] : undefined) ?? [];

const makeTable = () => {
  const rows = new Map<string, Row>();
  /** By name and value, the keys that stand there. */
  const index = new Map<string, Map<string, Set<string>>>();

  const enlist = (key: string, name: string, value: string): void => {
    const places = index.get(name) ?? new Map<string, Set<string>>();
    const keys = places.get(value) ?? new Set<string>();
    keys.add(key);
    if (keys.size === 1) index.set(name, places.set(value, keys));
  };

  const strike = (key: string, name: string, value: string): void => {
    const keys = index.get(name)?.get(value);
    keys?.delete(key);
    if (keys?.size === 0) index.get(name)?.delete(value);
  };

  /** What a row keeps is not touched: most changes leave it where it stands. */
  const move = (key: string, before: Entries, after: Entries): void => {
    for (const name in before)
      for (const value of valuesOf(before, name)) if (!valuesOf(after, name).includes(value)) strike(key, name, value);
    for (const name in after)
      for (const value of valuesOf(after, name)) if (!valuesOf(before, name).includes(value)) enlist(key, name, value);
  };

  return {
    rows,
    at: (name: string, value: string): ReadonlySet<string> | undefined => index.get(name)?.get(value),
    put: (change: RowChange): void => {
      const { key, value, entries } = change;
      const before = rows.get(key)?.entries ?? none;
      const after = value === undefined ? none : entries;
      if (value === undefined) rows.delete(key);
      else rows.set(key, change);
      if (before !== after) move(key, before, after);
    },
  };
};

/** A fold: its rows until it is retired or cleared. */
type Kept = {
  readonly version: string;
  readonly tables: Map<string, ReturnType<typeof makeTable>>;
  readonly since: string;
  stage: 'standing' | 'building';
  movedAt: string;
  checkpoint: Head | undefined;
};
type Stage = Kept['stage'];
/** The folds of one name. */
type Place = Kept[];

const viewOf = ({ version, stage, checkpoint, since, movedAt }: Kept): FoldView => ({
  version,
  stage,
  checkpoint,
  since,
  movedAt,
});

const timeNow = (): string => new Date().toISOString();

const remove = (place: Place, kept: Kept | undefined): void => {
  const at = kept === undefined ? -1 : place.indexOf(kept);
  if (at >= 0) place.splice(at, 1);
};

const find = (place: Place, version: string, stage: Stage): Kept | undefined =>
  place.find((kept) => kept.version === version && kept.stage === stage);

const rowsAt = (place: Place, { name, version }: FoldName, stage: Stage): BesideRows => {
  const present = (): Kept | undefined => find(place, version, stage);
  let told = present();

  const tableOf = (table: string) => {
    if (told !== undefined && told !== present()) throw new ProjectionRowsLost(name);
    return (told ?? present())?.tables.get(table);
  };

  const begin = (): Kept => {
    const kept: Kept = {
      version,
      stage,
      tables: new Map(),
      since: timeNow(),
      movedAt: timeNow(),
      checkpoint: undefined,
    };
    place.push(kept);
    return kept;
  };

  return {
    checkpoint: () => {
      told = present();
      return told?.checkpoint;
    },
    get: (table, key) => tableOf(table)?.rows.get(key)?.value,
    keysAt: (table, index, value) => inOrder(tableOf(table)?.at(index, value) ?? []),
    countAt: (table, index, value) => tableOf(table)?.at(index, value)?.size ?? 0,
    scan: function* (table) {
      for (const key of inOrder(tableOf(table)?.rows.keys() ?? [])) {
        const row = tableOf(table)?.rows.get(key);
        if (row !== undefined) yield [key, row.value];
      }
    },
    commit: (changes, from, to) => {
      const known = present();
      if (!sameHead(known?.checkpoint, from)) return 'moved';
      // Another fold took this one's place, or rows without a checkpoint are somebody else's.
      if (told !== known && (told !== undefined || known?.checkpoint === undefined)) return 'moved';
      const kept = known ?? begin();
      for (const change of changes) {
        const table = kept.tables.get(change.table) ?? makeTable();
        kept.tables.set(change.table, table);
        table.put(change);
      }
      kept.checkpoint = to;
      kept.movedAt = timeNow();
      told = kept;
      return 'committed';
    },
    clear: () => {
      remove(place, present());
      told = undefined;
    },
    check: () => ({ altered: 0, first: [] }),
    takeOver: (at) => {
      const [built, standing] = [present(), find(place, version, 'standing')];
      if (built === undefined || built === standing || !sameHead(built.checkpoint, at)) return 'moved';
      if ((standing?.checkpoint?.revision ?? -1n) > (at?.revision ?? -1n)) return 'moved';
      remove(place, standing);
      built.stage = 'standing';
      return 'taken';
    },
  };
};

/** Rows in memory, of one fold. Values are kept as they are given: whoever folds into them must not change them afterwards. */
export const makeMemoryRows = (): ProjectionRows => rowsAt([], { name: 'a fold in memory', version: '' }, 'standing');

/** Gone with the process. */
export const makeMemoryProjections = (): ProjectionDatabase => {
  const folds = new Map<string, Place>();
  const placeOf = (name: string): Place => {
    const place = folds.get(name) ?? [];
    folds.set(name, place);
    return place;
  };
  return {
    rows: (fold) => Promise.resolve(rowsAt(placeOf(fold.name), fold, 'standing')),
    beside: (fold) => Promise.resolve(rowsAt(placeOf(fold.name), fold, 'building')),
    folds: (name) => Promise.resolve(placeOf(name).map(viewOf).reverse()),
    discard: (name, isKept) => {
      const place = placeOf(name);
      for (const kept of [...place]) if (!isKept(kept)) remove(place, kept);
      return Promise.resolve();
    },
    sweep: () => Promise.resolve(false),
    scratch: () => Promise.resolve({ rows: makeMemoryRows(), close: () => undefined }),
    close: () => Promise.resolve(),
  };
};
