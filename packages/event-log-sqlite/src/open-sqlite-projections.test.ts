import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ProjectionRowsLost } from '@learnamp/directory-sync-event-sourcing';
import type { Head, ProjectionRows } from '@learnamp/directory-sync-event-sourcing';
import { projectionsConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localFile } from './local-database.js';
import { openFile } from './open-file.js';
import { openSqliteLocalCache } from './open-sqlite-local-cache.js';
import { openSqliteProjections } from './open-sqlite-projections.js';
import { loadDriver } from './sqlite-driver.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

const path = (): string => folder.path('local.db');
const fold = { name: 'people', version: '1' };
const headAt = (revision: number): Head => ({ revision: BigInt(revision), hash: `hash-${revision}` });
const put = (key: string, value: unknown, mail = key) => ({ table: 'people', key, value, entries: { mail: [mail] } });
const fill = (rows: ProjectionRows, count = 400): Head => {
  const changes = Array.from({ length: count }, (_, n) => put(`person-${n}`, { text: 'x'.repeat(300) }));
  expect(rows.commit(changes, rows.checkpoint(), headAt(1))).toBe('committed');
  return headAt(1);
};
/** Each file by its name, but for shared memory, which holds no data. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder.path(''))
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(folder.path(name)).toString('base64')]),
  );
const filesHold = (text: string): boolean =>
  readdirSync(folder.path('')).some((name) => readFileSync(folder.path(name)).includes(text));

const drivers = await availableDrivers();
for (const driver of drivers) {
  projectionsConformance({
    name: `SQLite through ${driver}`,
    describe,
    it,
    durable: true,
    open: async () => {
      const scratch = await scratchFolder();
      const options = { path: scratch.path('local.db'), driver };
      const opened = [await openSqliteProjections(options)];
      const openOne = async () => {
        const database = await openSqliteProjections(options);
        opened.push(database);
        return database;
      };
      return {
        database: opened[0]!,
        another: openOne,
        reopen: async () => {
          for (const database of opened) await database.close();
          return openOne();
        },
        close: async () => {
          for (const database of opened) await database.close();
          await scratch.remove();
        },
      };
    },
  });
}

describe.each(drivers)('projections through %s', (driver) => {
  const options = () => ({ path: path(), driver });
  const open = () => openSqliteProjections(options());

  it('stand in the file of the cache, and come to one that was written before there were any', async () => {
    const [cacheOnly = '', inbox = ''] = localFile.migrations;
    const old = await openFile({ ...localFile, migrations: [cacheOnly, inbox] }, options());
    old.exec("INSERT INTO cache (key, value) VALUES ('link', 'kept')");
    old.close();
    const database = await open();
    fill(await database.rows(fold));
    const cache = await openSqliteLocalCache(options());
    expect(await cache.get('link')).toBe('kept');
    await cache.close();
    await database.close();
  });

  it('leave no byte of a removed row in the file, and of dropped rows none beside it either', async () => {
    const database = await open();
    const rows = await database.rows(fold);
    const at = fill(rows);
    rows.commit([put('eve', 'a secret of hers', 'eve@contoso.example'), put('bob', 'a secret of his')], at, headAt(2));
    expect([filesHold('a secret of hers'), filesHold('eve@contoso.example')]).toEqual([true, true]);
    rows.commit([put('eve', undefined)], headAt(2), headAt(3));
    await database.close();
    expect([filesHold('a secret of hers'), filesHold('eve@contoso.example')]).toEqual([false, false]);
    expect(filesHold('a secret of his')).toBe(true);
    const again = await open();
    (await again.rows(fold)).clear();
    expect(filesHold('a secret of his')).toBe(false);
    await again.close();
  });

  it('that are damaged in use are never answered from: reads throw, the checkpoint is gone, and the file begins again', async () => {
    const before = await open();
    fill(await before.rows(fold));
    await before.close();
    writeFileSync(path(), readFileSync(path()).fill(0xff, 60_000));
    const database = await open();
    const [rows, others] = [await database.rows(fold), await database.rows({ ...fold, name: 'teams' })];
    expect(rows.checkpoint()).toEqual(headAt(1));
    expect(() => Array.from({ length: 400 }, (_, n) => rows.get('people', `person-${n}`))).toThrow(ProjectionRowsLost);
    expect(() => rows.get('people', 'person-0')).toThrow(ProjectionRowsLost);
    expect(existsSync(`${path()}.damaged`)).toBe(true);
    expect(rows.commit([put('late', 1)], headAt(1), headAt(2))).toBe('moved');
    expect(() => rows.get('people', 'person-0')).toThrow(ProjectionRowsLost);
    expect(others.checkpoint()).toBeUndefined();
    expect(rows.checkpoint()).toBeUndefined();
    expect(rows.get('people', 'person-0')).toBeUndefined();
    fill(rows, 10);
    expect(others.commit([put('sales', 1)], undefined, headAt(5))).toBe('committed');
    await database.close();
    const again = await open();
    expect((await again.rows(fold)).checkpoint()).toEqual(headAt(1));
    expect((await again.rows({ ...fold, name: 'teams' })).checkpoint()).toEqual(headAt(5));
    await again.close();
  });

  it('find damage in a commit too, and take the next one from the beginning', async () => {
    const before = await open();
    fill(await before.rows(fold));
    await before.close();
    writeFileSync(path(), readFileSync(path()).fill(0xff, 60_000));
    const database = await open();
    const rows = await database.rows(fold);
    const changes = Array.from({ length: 400 }, (_, n) => put(`person-${n}`, 'new'));
    expect(rows.commit(changes, headAt(1), headAt(2))).toBe('moved');
    expect(rows.checkpoint()).toBeUndefined();
    expect(rows.commit(changes, undefined, headAt(2))).toBe('committed');
    expect(rows.get('people', 'person-399')).toBe('new');
    await database.close();
  });

  it('take a row whose text is no JSON any more for damage', async () => {
    const database = await open();
    const rows = await database.rows(fold);
    fill(rows, 3);
    const other = await openFile(localFile, options());
    other.exec("UPDATE projection_rows SET value = '{\"text' WHERE key = 'person-1'");
    other.close();
    expect(rows.get('people', 'person-0')).toEqual({ text: 'x'.repeat(300) });
    expect(() => rows.get('people', 'person-1')).toThrow(ProjectionRowsLost);
    expect(rows.checkpoint()).toBeUndefined();
    await database.close();
  });

  it('that are no database are put aside, and begun again', async () => {
    writeFileSync(path(), 'what is this? '.repeat(500));
    const database = await open();
    fill(await database.rows(fold));
    expect(readFileSync(`${path()}.damaged`, 'utf8')).toBe('what is this? '.repeat(500));
    await database.close();
  });

  it('follow to the new file when somebody removed theirs, and never mistake it for the old one', async () => {
    const database = await open();
    const rows = await database.rows(fold);
    fill(rows);
    for (const companion of ['', '-wal', '-shm']) rmSync(path() + companion);
    expect(rows.get('people', 'person-1')).toBeDefined();
    const others = await database.rows({ ...fold, name: 'teams' });
    expect(others.checkpoint()).toBeUndefined();
    others.commit([put('sales', 1)], undefined, headAt(5));
    expect(() => rows.get('people', 'person-1')).toThrow(ProjectionRowsLost);
    expect(rows.commit([], headAt(1), headAt(2))).toBe('moved');
    expect(rows.checkpoint()).toBeUndefined();
    await database.close();
  });

  it('give up on a file that stays locked, and have written nothing', async () => {
    const database = await open();
    const rows = await database.rows(fold);
    fill(rows, 3);
    const other = await openFile(localFile, options());
    other.exec('BEGIN IMMEDIATE');
    expect(() => rows.commit([put('person-0', 'new')], headAt(1), headAt(2))).toThrow(/locked|busy/i);
    expect(rows.get('people', 'person-0')).toEqual({ text: 'x'.repeat(300) });
    other.exec('COMMIT');
    other.close();
    expect(rows.commit([put('person-0', 'new')], headAt(1), headAt(2))).toBe('committed');
    await database.close();
  });

  it('throw once they are closed', async () => {
    const database = await open();
    const rows = await database.rows(fold);
    fill(rows, 3);
    await database.close();
    expect(() => rows.checkpoint()).toThrow('The local database is closed.');
    expect(() => rows.get('people', 'person-0')).toThrow('The local database is closed.');
    expect(() => rows.commit([], headAt(1), headAt(2))).toThrow('The local database is closed.');
  });
});

describe.each(drivers)('a snapshot of the projections through %s', (driver) => {
  const options = () => ({ path: path(), driver });
  const openSnapshot = () => openSqliteProjections({ ...options(), snapshot: true });

  it('shows one moment of all folds, whatever is committed or cleared afterwards', async () => {
    const database = await openSqliteProjections(options());
    const [rows, others] = [await database.rows(fold), await database.rows({ ...fold, name: 'teams' })];
    const at = fill(rows);
    const snapshot = await openSnapshot();
    rows.commit([put('person-1', 'new'), put('person-2', undefined)], at, headAt(2));
    others.commit([put('sales', 1)], undefined, headAt(9));
    const seen = await snapshot.rows(fold);
    expect(seen.checkpoint()).toEqual(headAt(1));
    expect([seen.get('people', 'person-1'), seen.countAt('people', 'mail', 'person-2')]).toEqual([
      { text: 'x'.repeat(300) },
      1,
    ]);
    expect((await snapshot.rows({ ...fold, name: 'teams' })).checkpoint()).toBeUndefined();
    rows.clear();
    expect([...seen.scan('people')]).toHaveLength(400);
    expect(seen.keysAt('people', 'mail', 'person-2')).toEqual(['person-2']);
    expect((await snapshot.rows({ ...fold, version: '2' })).checkpoint()).toBeUndefined();
    await snapshot.close();
    await database.close();
    expect(() => seen.checkpoint()).toThrow('The local database is closed.');
  });

  it('takes no changes', async () => {
    const database = await openSqliteProjections(options());
    fill(await database.rows(fold), 3);
    const snapshot = await openSnapshot();
    const seen = await snapshot.rows(fold);
    expect(() => seen.commit([], headAt(1), headAt(2))).toThrow('A snapshot of the projections takes no changes');
    expect(() => seen.clear()).toThrow('A snapshot of the projections takes no changes');
    expect((await database.rows(fold)).checkpoint()).toEqual(headAt(1));
    await snapshot.close();
    await database.close();
  });

  it('leaves every file as it was, and none behind', async () => {
    const database = await openSqliteProjections(options());
    fill(await database.rows(fold));
    await database.close();
    const before = readdirSync(folder.path(''));
    const bytes = contents();
    const snapshot = await openSnapshot();
    expect((await snapshot.rows(fold)).get('people', 'person-7')).toBeDefined();
    await snapshot.close();
    expect(contents()).toEqual(bytes);
    expect(readdirSync(folder.path(''))).toEqual(before);
  });

  it('reads what a killed process left in the write-ahead log, and leaves it there', async () => {
    const database = await openSqliteProjections(options());
    fill(await database.rows(fold));
    for (const companion of ['', '-wal']) cpSync(path() + companion, folder.path(`killed.db${companion}`));
    await database.close();
    const bytes = contents();
    expect(bytes['killed.db-wal']).not.toBe('');
    const snapshot = await openSqliteProjections({ path: folder.path('killed.db'), driver, snapshot: true });
    expect((await snapshot.rows(fold)).checkpoint()).toEqual(headAt(1));
    await snapshot.close();
    expect(contents()).toEqual(bytes);
  });

  it('of no file, or of one that holds none yet, is empty and makes nothing', async () => {
    const [cacheOnly = ''] = localFile.migrations;
    const old = await openFile({ ...localFile, migrations: [cacheOnly] }, { path: folder.path('old.db'), driver });
    old.close();
    writeFileSync(folder.path('empty.db'), '');
    writeFileSync(folder.path('damaged.db'), 'what is this? '.repeat(500));
    const bytes = contents();
    for (const name of ['absent.db', 'old.db', 'empty.db', 'damaged.db']) {
      const snapshot = await openSqliteProjections({ path: folder.path(name), driver, snapshot: true });
      const rows = await snapshot.rows(fold);
      expect([rows.checkpoint(), rows.get('people', 'ada'), [...rows.scan('people')]]).toEqual([
        undefined,
        undefined,
        [],
      ]);
      expect(() => rows.commit([], undefined, headAt(1))).toThrow('takes no changes');
      await snapshot.close();
    }
    expect(contents()).toEqual(bytes);
  });

  it('of a file of something else, or of a newer version, is refused', async () => {
    const foreign = (await loadDriver(driver)).open(folder.path('foreign.db'));
    foreign.exec('CREATE TABLE people (name TEXT)');
    foreign.close();
    const next = { ...localFile, migrations: [...localFile.migrations, 'CREATE TABLE extra (n INTEGER) STRICT'] };
    (await openFile(next, { path: folder.path('newer.db'), driver })).close();
    const openAt = (name: string) => openSqliteProjections({ path: folder.path(name), driver, snapshot: true });
    await expect(openAt('foreign.db')).rejects.toMatchObject({ reason: 'foreign' });
    await expect(openAt('newer.db')).rejects.toMatchObject({ reason: 'newer' });
  });

  it('that meets damage is lost, and then empty', async () => {
    const database = await openSqliteProjections(options());
    fill(await database.rows(fold));
    await database.close();
    writeFileSync(path(), readFileSync(path()).fill(0xff, 60_000));
    const bytes = contents();
    const snapshot = await openSnapshot();
    const rows = await snapshot.rows(fold);
    expect(rows.checkpoint()).toEqual(headAt(1));
    expect(() => [...rows.scan('people')]).toThrow(ProjectionRowsLost);
    expect(rows.checkpoint()).toBeUndefined();
    expect([...rows.scan('people')]).toEqual([]);
    await snapshot.close();
    expect(contents()).toEqual(bytes);
  });
});
