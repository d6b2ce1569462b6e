import assert from 'node:assert/strict';
import type { Head } from '../envelope.js';
import { ProjectionRowsLost } from '../projection-rows-lost.js';
import type { ProjectionDatabase, ProjectionRows, RowChange } from '../projection-rows.js';
import type { Case } from './suite.js';

export type ProjectionsUnderTest = {
  readonly database: ProjectionDatabase;
  /** Another opening of the same rows, as another process has it; the same database where there can be no other. */
  readonly another: () => Promise<ProjectionDatabase>;
  /** Closes the database and opens it again, for rows that outlive the process. */
  readonly reopen?: (() => Promise<ProjectionDatabase>) | undefined;
  readonly close: () => Promise<void>;
};

export type ProjectionsCase = Case<ProjectionsUnderTest>;

export const people = { name: 'people of contoso', version: '1' };
export const headAt = (revision: number): Head => ({ revision: BigInt(revision), hash: `hash-${revision}` });

export const put = (key: string, value: unknown, entries: RowChange['entries'] = {}): RowChange => ({
  table: 'people',
  key,
  value,
  entries,
});

export const commit = (
  rows: ProjectionRows,
  changes: ReadonlyArray<RowChange>,
  from?: Head,
  to: Head = headAt(0),
): Head => {
  assert.equal(rows.commit(changes, from, to), 'committed');
  return to;
};

export const keysOf = (rows: ProjectionRows, table = 'people'): ReadonlyArray<string> =>
  [...rows.scan(table)].map(([key]) => key);

/** The lost rows are never answered from, by none of the reads. */
export const assertLost = (rows: ProjectionRows): void => {
  assert.throws(() => rows.get('people', 'ada'), ProjectionRowsLost);
  assert.throws(() => rows.keysAt('people', 'mail', 'ada@contoso.example'), ProjectionRowsLost);
  assert.throws(() => rows.countAt('people', 'mail', 'ada@contoso.example'), ProjectionRowsLost);
  assert.throws(() => [...rows.scan('people')], ProjectionRowsLost);
};
