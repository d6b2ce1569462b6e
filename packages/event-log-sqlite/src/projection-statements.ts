import { crc32 } from 'node:zlib';
import type { Head, RowChange } from '@learnamp/directory-sync-event-sourcing';
import { fromSortable, toSortable } from './sortable-text.js';
import type { Connection, SqlRow } from './sqlite-driver.js';

/** Rows read at once by a scan. */
const SCANNED_AT_ONCE = 250;

type Entries = RowChange['entries'];

export type FoldRow = { readonly foldId: bigint; readonly version: string; readonly head: Head | undefined };
export type ScannedRow = readonly [key: string, value: unknown];

/** The statements of the projections' tables over one connection. What they give is decoded; JSON that does not parse throws. */
export type ProjectionStatements = {
  readonly connection: Connection;
  readonly fold: (name: string) => FoldRow | undefined;
  readonly hasFold: (foldId: bigint) => boolean;
  readonly beginFold: (name: string, version: string) => bigint;
  readonly moveFold: (foldId: bigint, to: Head | undefined) => void;
  readonly dropFold: (foldId: bigint) => void;
  readonly get: (foldId: bigint, table: string, key: string) => unknown;
  readonly keysAt: (foldId: bigint, place: Place) => ReadonlyArray<string>;
  readonly countAt: (foldId: bigint, place: Place) => number;
  /** The page of a scan that follows a key, or the first one. The last page is shorter than the others, or empty. */
  readonly page: (foldId: bigint, table: string, after: string | undefined) => ReadonlyArray<ScannedRow>;
  readonly put: (foldId: bigint, change: RowChange) => void;
};

export type Place = { readonly table: string; readonly index: string; readonly value: string };

export const isLastPage = (page: ReadonlyArray<ScannedRow>): boolean => page.length < SCANNED_AT_ONCE;

const jsonOf = (value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('The value of a row must be JSON.');
  return text;
};

const textOf = (row: SqlRow, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} holds no text.`);
  return value;
};

/** A row whose text is not what was written: damaged on the disk where SQLite does not see it, or altered by hand. */
export class RowAltered extends Error {
  constructor() {
    super('A row is not what was written.');
    this.name = 'RowAltered';
  }
}

type RowTexts = {
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly entries: string;
};

/** Over where the row stands, too: a row that was moved is another one. Tells accidents; it is no seal. */
const checksumOf = ({ table, key, value, entries }: RowTexts): bigint =>
  BigInt(crc32(`${table.length} ${key.length} ${value.length} ${table}${key}${value}${entries}`));

/** The value of a row, once it is known to be the one that was written. */
const believed = (table: string, row: SqlRow): unknown => {
  const value = textOf(row, 'value');
  const texts = { table, key: textOf(row, 'key'), value, entries: textOf(row, 'entries') };
  if (row['checksum'] !== checksumOf(texts)) throw new RowAltered();
  return JSON.parse(value) as unknown;
};

const keyOf = (row: SqlRow): string => fromSortable(textOf(row, 'key'));

const foldOf = (row: SqlRow | undefined): FoldRow | undefined => {
  const { fold_id: foldId, version, revision, hash } = row ?? {};
  if (typeof foldId !== 'bigint' || typeof version !== 'string') return undefined;
  const head = typeof revision === 'bigint' && typeof hash === 'string' ? { revision, hash } : undefined;
  return { foldId, version, head };
};

const foldStatements = (connection: Connection) => {
  const byName = connection.prepare('SELECT fold_id, version, revision, hash FROM projection_folds WHERE name = ?');
  const byId = connection.prepare('SELECT 1 FROM projection_folds WHERE fold_id = ?');
  const begin = connection.prepare('INSERT INTO projection_folds (name, version) VALUES (?, ?) RETURNING fold_id');
  const move = connection.prepare('UPDATE projection_folds SET revision = ?, hash = ? WHERE fold_id = ?');
  const drops = ['projection_entries', 'projection_rows', 'projection_folds'].map((table) =>
    connection.prepare(`DELETE FROM ${table} WHERE fold_id = ?`),
  );
  return {
    fold: (name: string) => foldOf(byName.get(toSortable(name))),
    hasFold: (foldId: bigint) => byId.get(foldId) !== undefined,
    beginFold: (name: string, version: string): bigint => {
      const foldId = begin.get(toSortable(name), toSortable(version))?.['fold_id'];
      if (typeof foldId !== 'bigint') throw new TypeError('fold_id holds no number.');
      return foldId;
    },
    moveFold: (foldId: bigint, to: Head | undefined) => void move.run(to?.revision ?? null, to?.hash ?? null, foldId),
    dropFold: (foldId: bigint) => {
      for (const drop of drops) drop.run(foldId);
    },
  };
};

/** Puts entries in and takes them out again; what a row keeps is not touched. */
const entryStatements = (connection: Connection) => {
  const add = connection.prepare(
    'INSERT OR IGNORE INTO projection_entries (fold_id, table_name, index_name, value, key) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = connection.prepare(
    'DELETE FROM projection_entries WHERE fold_id = ? AND table_name = ? AND index_name = ? AND value = ? AND key = ?',
  );
  return (foldId: bigint, row: { readonly table: string; readonly key: string }, before: Entries, after: Entries) => {
    const each = (entries: Entries, kept: Entries, statement: typeof add): void => {
      for (const [index, values] of Object.entries(entries))
        for (const value of values)
          if (kept[index]?.includes(value) !== true)
            statement.run(foldId, row.table, toSortable(index), toSortable(value), row.key);
    };
    each(before, after, remove);
    each(after, before, add);
  };
};

const writeStatement = (connection: Connection): ProjectionStatements['put'] => {
  const place = 'fold_id = ? AND table_name = ? AND key = ?';
  const known = connection.prepare(`SELECT row_id, entries FROM projection_rows WHERE ${place}`);
  const insert = connection.prepare(
    'INSERT INTO projection_rows (fold_id, table_name, key, value, entries, checksum) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = connection.prepare('UPDATE projection_rows SET value = ?, entries = ?, checksum = ? WHERE row_id = ?');
  const remove = connection.prepare('DELETE FROM projection_rows WHERE row_id = ?');
  const changeEntries = entryStatements(connection);

  return (foldId, { table, key, value, entries }) => {
    const row = { table: toSortable(table), key: toSortable(key) };
    const before = known.get(foldId, row.table, row.key);
    const listed = before === undefined ? '{}' : textOf(before, 'entries');
    const wanted = value === undefined ? {} : entries;
    const text = jsonOf(wanted);
    if (value === undefined) {
      if (before !== undefined) remove.run(before['row_id'] ?? null);
    } else {
      const json = jsonOf(value);
      const checksum = checksumOf({ ...row, value: json, entries: text });
      if (before === undefined) insert.run(foldId, row.table, row.key, json, text, checksum);
      else update.run(json, text, checksum, before['row_id'] ?? null);
    }
    if (listed !== text) changeEntries(foldId, row, JSON.parse(listed) as Entries, wanted);
  };
};

export const prepareProjections = (connection: Connection): ProjectionStatements => {
  const columns = 'key, value, entries, checksum';
  const get = connection.prepare(
    `SELECT ${columns} FROM projection_rows WHERE fold_id = ? AND table_name = ? AND key = ?`,
  );
  const at = 'FROM projection_entries WHERE fold_id = ? AND table_name = ? AND index_name = ? AND value = ?';
  const keysAt = connection.prepare(`SELECT key ${at} ORDER BY key`);
  const countAt = connection.prepare(`SELECT count(*) AS count ${at}`);
  const rows = `SELECT ${columns} FROM projection_rows WHERE fold_id = ? AND table_name = ?`;
  const first = connection.prepare(`${rows} ORDER BY key LIMIT ${SCANNED_AT_ONCE}`);
  const next = connection.prepare(`${rows} AND key > ? ORDER BY key LIMIT ${SCANNED_AT_ONCE}`);
  const placeOf = ({ table, index, value }: Place) =>
    [toSortable(table), toSortable(index), toSortable(value)] as const;

  return {
    connection,
    ...foldStatements(connection),
    get: (foldId, table, key) => {
      const row = get.get(foldId, toSortable(table), toSortable(key));
      return row === undefined ? undefined : believed(toSortable(table), row);
    },
    keysAt: (foldId, place) => keysAt.all(foldId, ...placeOf(place)).map(keyOf),
    countAt: (foldId, place) => Number(countAt.get(foldId, ...placeOf(place))?.['count'] ?? 0n),
    page: (foldId, table, after) => {
      const from = [foldId, toSortable(table)] as const;
      const page = after === undefined ? first.all(...from) : next.all(...from, toSortable(after));
      return page.map((row) => [keyOf(row), believed(from[1], row)]);
    },
    put: writeStatement(connection),
  };
};
