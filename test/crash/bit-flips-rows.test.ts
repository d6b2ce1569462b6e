import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPreferences, openMemoryStores } from '@learnamp/directory-sync';
import { directoryEvents, type DirectoryEvent } from '@learnamp/directory-sync-domain';
import { openSqliteProjections } from '@learnamp/directory-sync-event-log-sqlite';
import { defineEvents, makeMemoryRows, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import { randomFrom } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { foldTail } from '../../packages/engine/src/open-stream.js';
import { verifyRows } from '../../packages/engine/src/rebuild/verify-rows.js';
import { makeEngineState } from '../../packages/engine/src/state/engine-state.js';
import { foldVersion } from '../../packages/engine/src/state/tables.js';
import { openSqliteFile } from '../support/open-sqlite-file.js';
import { madeConnection, madeHistory } from '../bench/support/made-history.js';

const FLIPS = 1_000;

type Cell = null | number | string;
type Row = Readonly<Record<string, Cell>>;
const anyOf = <A>(items: ReadonlyArray<A>, random: Random): A => {
  const [first, ...others] = items;
  if (first === undefined) throw new Error('There is nothing to choose from.');
  return random.pick([first, ...others]);
};

/** Every column but the number of a row, which says nothing of it and is in no answer. */
const columns = {
  projection_rows: ['fold_id', 'table_name', 'key', 'value', 'entries', 'checksum'],
  projection_entries: ['fold_id', 'table_name', 'index_name', 'value', 'key'],
  projection_folds: ['fold_id', 'name', 'version', 'stage', 'revision', 'hash', 'since', 'moved_at', 'checksum'],
} as const;
type Table = keyof typeof columns;
const tables = Object.keys(columns) as ReadonlyArray<Table>;

/** A small company's log in memory, its rows in a file, and the fold that they are compared with. */
const openRows = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bit-flips-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { log, keys } = openMemoryStores();
  const at = new Date('2026-11-01T00:00:00.000Z');
  let id = 0;
  const stream = openEventStream<DirectoryEvent>({
    log,
    keys,
    registry: defineEvents(directoryEvents),
    name: madeConnection.stream,
    owner: `connection:${madeConnection.connectionId}`,
    now: () => at,
    newId: () => `event-${(id += 1)}`,
  });
  for (const { events } of madeHistory({ people: 8, events: 450 }, keys.id))
    await stream.append('any', events, { correlationId: 'a test', causationId: 'a test' })();
  const path = join(folder, 'local.db');
  const database = await openSqliteProjections({ path });
  await foldTail(stream, makeEngineState(await database.rows({ name: stream.name, version: foldVersion })));
  await database.close();
  const rows = makeMemoryRows();
  const shadow = { rows, state: makeEngineState(rows) };
  await foldTail(stream, shadow.state);
  const found = async (copy: string): Promise<number> => {
    try {
      const flipped = await openSqliteProjections({ path: copy, snapshot: true });
      const standing = await flipped.rows({ name: stream.name, version: foldVersion });
      const verifying = {
        stream,
        rows: standing,
        preferences: defaultPreferences,
        now: () => at,
        check: () => undefined,
      };
      const { count } = await verifyRows(verifying, shadow, () => Promise.resolve());
      await flipped.close();
      return count;
    } catch {
      // No SQLite file any more, which nobody overlooks.
      return 1;
    }
  };
  return { path, copy: join(folder, 'flipped.db'), found };
};

type Random = ReturnType<typeof randomFrom>;

const flipIn = (bytes: Buffer, random: Random, from = 0, length = bytes.length): Buffer => {
  const flipped = Buffer.from(bytes);
  const at = from + random.integer(0, length - 1);
  flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << random.integer(0, 7)), at);
  return flipped;
};

type Place = { readonly table: Table; readonly column: string; readonly row: Row; readonly value: Cell };

/** In the cell, and in the indexes over it: as whoever edits the file by hand would. */
const flipCell = (path: string, { table, column, row, value }: Place, random: Random): boolean => {
  const file = openSqliteFile(path);
  const known = columns[table];
  const where = known.map((name) => `${name} IS ?`).join(' AND ');
  const same = known.map((name) => row[name] ?? null);
  try {
    if (typeof value === 'string') {
      const bytes = flipIn(Buffer.from(value), random);
      file.prepare(`UPDATE ${table} SET ${column} = CAST(? AS TEXT) WHERE ${where}`).run(bytes, ...same);
    } else {
      const bit = 2 ** random.integer(0, 30);
      const other = Math.floor((value ?? 0) / bit) % 2 === 1 ? (value ?? 0) - bit : (value ?? 0) + bit;
      file.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(other, ...same);
    }
    return true;
  } catch {
    // Two rows of one place: a constraint keeps it out.
    return false;
  } finally {
    file.close();
  }
};

/** One bit of the bytes on the disk, in one of the places where the text stands: the table, or an index over it. */
const flipBytes = (clean: Buffer, value: string, random: Random): Buffer | undefined => {
  const text = Buffer.from(value);
  const places: number[] = [];
  // The first page is the schema.
  for (let at = clean.indexOf(text, 4_096); at >= 0; at = clean.indexOf(text, at + 1)) places.push(at);
  return places.length === 0 ? undefined : flipIn(clean, random, anyOf(places, random), text.length);
};

it(
  `finds every one of ${FLIPS} single flipped bits in rows, entries and checkpoints`,
  { timeout: 600_000 },
  async () => {
    const { path, copy, found } = await openRows();
    const clean = await readFile(path);
    await writeFile(copy, clean);
    expect(await found(copy)).toBe(0);
    const file = openSqliteFile(path);
    const rows = Object.fromEntries(
      tables.map((table) => [table, file.prepare(`SELECT ${columns[table].join(', ')} FROM ${table}`).all()]),
    ) as Readonly<Record<Table, ReadonlyArray<Row>>>;
    file.close();

    const random = randomFrom(4, 'bit flips');
    const missed: string[] = [];
    let [flips, onDisk] = [0, 0];
    while (flips < FLIPS) {
      const table = anyOf(tables, random);
      const row = anyOf(rows[table], random);
      const column = anyOf(columns[table], random);
      const value = row[column] ?? null;
      const bytes = typeof value === 'string' && value.length >= 12 && flips % 2 === 0;
      const altered = bytes ? flipBytes(clean, value, random) : clean;
      if (altered === undefined) continue;
      await writeFile(copy, altered);
      if (!bytes && !flipCell(copy, { table, column, row, value }, random)) continue;
      flips += 1;
      if (bytes) onDisk += 1;
      if ((await found(copy)) === 0)
        missed.push(`${flips} ${table}.${column} ${bytes ? 'on the disk' : 'in the cell'}`);
      for (const companion of ['-wal', '-shm']) await rm(`${copy}${companion}`, { force: true });
    }
    expect(missed).toEqual([]);
    expect(onDisk).toBeGreaterThan(FLIPS / 10);
  },
);
