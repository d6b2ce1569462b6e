import type { DirectoryPerson } from '@learnamp/directory-sync-domain';
import type { ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { canonicalJson } from '@learnamp/directory-sync-event-sourcing';
import { deliveredFlags, entriesOf, tables, YES } from './state/tables.js';

const asText = (value: unknown): string =>
  value === undefined ? '' : canonicalJson(JSON.parse(JSON.stringify(value)));

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

/** How many rows of a table are not what they should be, or are not found where they should be. */
export const differingRows = (table: string, found: ProjectionRows, wanted: ProjectionRows): number => {
  const differing = new Set<string>();
  for (const [key, value] of wanted.scan(table))
    if (asText(found.get(table, key)) !== asText(value)) differing.add(key);
  for (const [key] of found.scan(table)) if (wanted.get(table, key) === undefined) differing.add(key);
  for (const [index, value] of placesIn(wanted, table).values()) {
    const [here, there] = [found, wanted].map((rows) => new Set(rows.keysAt(table, index, value)));
    for (const key of new Set([...(here ?? []), ...(there ?? [])]))
      if (here?.has(key) !== there?.has(key)) differing.add(key);
  }
  return differing.size;
};
