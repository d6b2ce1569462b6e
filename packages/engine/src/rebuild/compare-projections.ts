import type { DirectoryPerson } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import type { ProjectionName } from '../directory-sync.js';
import { deliveredFlags, entriesOf, projectionTables, tables, YES } from '../state/tables.js';
import { differingPaths, rowDigest, sameRow, type RowDifference } from './row-difference.js';

/** How many rows differ, and the first of them. */
export type Comparison = { readonly count: number; readonly first: ReadonlyArray<RowDifference> };

export type CompareOptions = {
  /** Default: all of them. */
  readonly projection?: ProjectionName | undefined;
  /** How many differences are told one by one. Default 20. */
  readonly limit?: number | undefined;
};

export const noDifference: Comparison = { count: 0, first: [] };

const LIMIT = 20;

export const addComparisons = (limit: number, parts: ReadonlyArray<Comparison>): Comparison => ({
  count: parts.reduce((sum, { count }) => sum + count, 0),
  first: parts.flatMap(({ first }) => first).slice(0, limit),
});

const flags: ReadonlyArray<readonly [table: string, index: string]> = [
  [tables.people, 'in-scope'],
  ...deliveredFlags.map((index) => [tables.delivered, index] as const),
];

/** What the rows of a table are found by: the indexes that say yes or no, also where nobody stands in them. */
const placesIn = (
  rows: ProjectionRows,
  table: string,
): ReadonlyMap<string, readonly [index: string, value: string]> => {
  const places = new Map<string, readonly [string, string]>();
  const add = (index: string, value: string) => places.set(JSON.stringify([index, value]), [index, value]);
  for (const [of, index] of flags) if (of === table) add(index, YES);
  const person = (userId: string) => rows.get(tables.people, userId) as DirectoryPerson | undefined;
  for (const [key, value] of rows.scan(table))
    for (const [index, values] of Object.entries(entriesOf(table, { key, value }, person)))
      for (const each of values) add(index, each);
  return places;
};

/** Keys of holders are addresses: people are named by their object ids. */
const shownKey = (table: string, key: string, value: unknown): string =>
  table === tables.holders && typeof value === 'string' ? `${key.split(':')[0] ?? ''} of ${value}` : key;

/** The order of a scan. */
const byCodePoints = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Both in one pass in the order of keys, so that neither side is ever held in memory. */
export function* pairs(
  found: ProjectionRows,
  wanted: ProjectionRows,
  table: string,
): Generator<readonly [key: string, found: unknown, wanted: unknown]> {
  const [left, right] = [found.scan(table), wanted.scan(table)];
  let [one, other] = [left.next(), right.next()];
  while (one.done !== true || other.done !== true) {
    const order = one.done === true ? 1 : other.done === true ? -1 : byCodePoints(one.value[0], other.value[0]);
    const key = order <= 0 && one.done !== true ? one.value[0] : other.done === true ? '' : other.value[0];
    const here = order <= 0 && one.done !== true ? one.value[1] : undefined;
    const there = order >= 0 && other.done !== true ? other.value[1] : undefined;
    yield [key, here, there];
    if (order <= 0) one = left.next();
    if (order >= 0) other = right.next();
  }
}

const compareTable = (
  [projection, table]: readonly [string, string],
  found: ProjectionRows,
  wanted: ProjectionRows,
  limit: number,
): Comparison => {
  const differing = new Set<string>();
  const first: RowDifference[] = [];
  const add = (key: string, here: unknown, there: unknown, paths: ReadonlyArray<string>): void => {
    if (differing.has(key)) return;
    differing.add(key);
    if (first.length >= limit) return;
    const shown = shownKey(table, key, there ?? here);
    first.push({ projection, key: shown, expected: rowDigest(there), found: rowDigest(here), paths });
  };
  for (const [key, here, there] of pairs(found, wanted, table))
    if (!sameRow(here, there)) add(key, here, there, differingPaths(here, there));
  for (const [index, value] of placesIn(wanted, table).values()) {
    const [here, there] = [found, wanted].map((rows) => new Set(rows.keysAt(table, index, value)));
    for (const key of new Set([...(here ?? []), ...(there ?? [])]))
      if (here?.has(key) !== there?.has(key)) add(key, found.get(table, key), wanted.get(table, key), ['found-by']);
  }
  return { count: differing.size, first };
};

/**
 * Compares rows with those that a fold of the log gives, key by key and entry by entry, in bounded memory. Both must stand at
 * one revision. Throws `ProjectionRowsLost` where rows are not what was written.
 */
export const compareProjections = (
  found: ProjectionRows,
  wanted: ProjectionRows,
  { projection, limit = LIMIT }: CompareOptions = {},
): Comparison => {
  const names = Object.keys(projectionTables) as ReadonlyArray<ProjectionName>;
  const compared = names
    .filter((name) => projection === undefined || name === projection)
    .flatMap((name) => projectionTables[name].map((table) => [name, table] as const));
  return addComparisons(
    limit,
    compared.map((place) => compareTable(place, found, wanted, limit)),
  );
};
