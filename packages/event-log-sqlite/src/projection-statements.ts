import { crc32 } from 'node:zlib';
import type { RowChange, RowsCheck } from '@learnamp/directory-sync-event-sourcing';
import { prepareFolds } from './fold-statements.js';
import type { FoldStatements } from './fold-statements.js';
import { RowAltered } from './row-altered.js';
import { fromSortable, toSortable } from './sortable-text.js';
import type { Connection, SqlRow } from './sqlite-driver.js';

/** Rows read at once by a scan. */
const SCANNED_AT_ONCE = 250;

type Entries = RowChange['entries'];

export type ScannedRow = readonly [key: string, value: unknown];

/** The statements of the projections' tables over one connection. What they give is decoded; JSON that does not parse throws. */
export type ProjectionStatements = FoldStatements & {
  readonly connection: Connection;
  /** The value of a row, and whether its fold is still read by anybody, as of one moment. */
  readonly get: (foldId: bigint, table: string, key: string) => Found<unknown>;
  readonly keysAt: (foldId: bigint, place: Place) => ReadonlyArray<string>;
  readonly countAt: (foldId: bigint, place: Place) => number;
  /** The page of a scan that follows a key, or the first one. The last page is shorter than the others, or empty. */
  readonly page: (foldId: bigint, table: string, after: string | undefined) => ReadonlyArray<ScannedRow>;
  readonly put: (foldId: bigint, change: RowChange) => void;
  /** Looks at every row of a fold, whatever its table, and at every entry. */
  readonly check: (foldId: bigint) => RowsCheck;
};

/** What was found in a fold, which is believed while that fold is there. */
export type Found<T> = { readonly answer: T; readonly isThere: boolean };

export type Place = { readonly table: string; readonly index: string; readonly value: string };

export const isLastPage = (page: ReadonlyArray<ScannedRow>): boolean => page.length < SCANNED_AT_ONCE;

const jsonOf = (value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('The value of a row must be JSON.');
  return text;
};

const jsonOfRow = (change: RowChange): string | undefined => {
  if (change.text !== undefined) return change.text;
  return change.value === undefined ? undefined : jsonOf(change.value);
};

const textOf = (row: SqlRow, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} holds no text.`);
  return value;
};

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

  return (foldId, change) => {
    const row = { table: toSortable(change.table), key: toSortable(change.key) };
    const before = known.get(foldId, row.table, row.key);
    const listed = before === undefined ? '{}' : textOf(before, 'entries');
    const json = jsonOfRow(change);
    const wanted = json === undefined ? {} : change.entries;
    const text = jsonOf(wanted);
    if (json === undefined) {
      if (before !== undefined) remove.run(before['row_id'] ?? null);
    } else {
      const checksum = checksumOf({ table: row.table, key: row.key, value: json, entries: text });
      if (before === undefined) insert.run(foldId, row.table, row.key, json, text, checksum);
      else update.run(json, text, checksum, before['row_id'] ?? null);
    }
    if (listed !== text) changeEntries(foldId, row, JSON.parse(listed) as Entries, wanted);
  };
};

/** Rows that a check names one by one. */
const NAMED = 20;

/** A row is what was written, and each of its entries stands where it says. */
const rowsCheck = (connection: Connection): ProjectionStatements['check'] => {
  const columns = 'row_id, table_name, key, value, entries, checksum';
  // By row number, not by the index of keys: that one may be what is damaged.
  const page = connection.prepare(
    `SELECT ${columns} FROM projection_rows NOT INDEXED WHERE row_id > ? AND fold_id = ? ORDER BY row_id LIMIT ${SCANNED_AT_ONCE}`,
  );
  const byKey = connection.prepare(
    'SELECT row_id FROM projection_rows WHERE fold_id = ? AND table_name = ? AND key = ?',
  );
  const byPlace = connection.prepare(
    'SELECT 1 FROM projection_entries WHERE fold_id = ? AND table_name = ? AND index_name = ? AND value = ? AND key = ?',
  );
  const counted = connection.prepare('SELECT count(*) AS count FROM projection_entries WHERE fold_id = ?');

  const isSound = (foldId: bigint, row: SqlRow, listed: (count: number) => void): boolean => {
    const texts = ['table_name', 'key', 'value', 'entries'].map((column) => row[column]);
    if (!texts.every((text) => typeof text === 'string')) return false;
    const [table = '', key = '', value = '', entries = ''] = texts.map(String);
    if (row['checksum'] !== checksumOf({ table, key, value, entries })) return false;
    if (byKey.get(foldId, table, key)?.['row_id'] !== row['row_id']) return false;
    const places = Object.entries(JSON.parse(entries) as Entries).flatMap(([index, values]) =>
      [...new Set(values)].map((each) => [toSortable(index), toSortable(each)] as const),
    );
    listed(places.length);
    return places.every((place) => byPlace.get(foldId, table, ...place, key) !== undefined);
  };

  // Whether trees and indexes agree: an index that no question goes through may still keep two folds from one place.
  const integrity = connection.prepare('PRAGMA integrity_check(1)');

  return (foldId) => {
    if (integrity.get()?.['integrity_check'] !== 'ok') return { altered: 1, first: [] };
    const first: { readonly table: string; readonly key: string }[] = [];
    let [altered, listed] = [0, 0];
    const add = (table: unknown, key: unknown): void => {
      altered += 1;
      if (first.length < NAMED) first.push({ table: String(table), key: fromSortable(String(key)) });
    };
    const count = (entries: number): void => {
      listed += entries;
    };
    for (let after = -1n; ;) {
      const rows = page.all(after, foldId);
      for (const row of rows) if (!isSound(foldId, row, count)) add(row['table_name'], row['key']);
      const last = rows.at(-1)?.['row_id'];
      if (typeof last !== 'bigint' || rows.length < SCANNED_AT_ONCE) break;
      after = last;
    }
    // More entries than rows name: somebody is found where nobody put them.
    const standing = Number(counted.get(foldId)?.['count'] ?? 0n);
    if (altered === 0 && standing !== listed) add('entries', '');
    return { altered, first };
  };
};

export const prepareProjections = (connection: Connection): ProjectionStatements => {
  const columns = 'key, value, entries, checksum';
  // With its fold in one statement: a rebuild reads millions of rows.
  const get = connection.prepare(
    `SELECT r.row_id, r.key, r.value, r.entries, r.checksum FROM projection_folds f
     LEFT JOIN projection_rows r ON r.fold_id = f.fold_id AND r.table_name = ? AND r.key = ?
     WHERE f.fold_id = ? AND f.stage <> 'retired'`,
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
    ...prepareFolds(connection),
    check: rowsCheck(connection),
    get: (foldId, table, key) => {
      const stored = toSortable(table);
      const row = get.get(stored, toSortable(key), foldId);
      if (row === undefined) return { answer: undefined, isThere: false };
      return { answer: row['row_id'] === null ? undefined : believed(stored, row), isThere: true };
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
