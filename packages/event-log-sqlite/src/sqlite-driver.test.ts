import { describe, expect, it } from 'vitest';
import { loadDriver, NoSqliteDriver } from './sqlite-driver.js';
import type { Bindings } from './sqlite-driver.js';
import { isBusy, isConstraint, isDamaged } from './sqlite-errors.js';
import { availableDrivers } from './testing/drivers.js';

describe('loadDriver', () => {
  it('prefers the binding that is built into Node, where there is one', async () => {
    const [best] = await availableDrivers();
    expect((await loadDriver()).name).toBe(best);
  });

  it('takes the addon where nothing is built in', async () => {
    const addon = { name: 'better-sqlite3', open: () => expect.fail() } as const;
    const bindings: Bindings = { 'node:sqlite': () => undefined, 'better-sqlite3': async () => addon };
    expect(await loadDriver(undefined, bindings)).toBe(addon);
    await expect(loadDriver('node:sqlite', bindings)).rejects.toThrow(NoSqliteDriver);
  });

  it('says in one sentence what to do when neither loads', async () => {
    const cause = new Error('Could not locate the bindings file.');
    const bindings: Bindings = { 'node:sqlite': () => undefined, 'better-sqlite3': () => Promise.reject(cause) };
    await expect(loadDriver(undefined, bindings)).rejects.toMatchObject({
      message:
        'No SQLite driver: use Node 22.5 or later, or run npm install better-sqlite3@12 (it needs python3, make and g++).',
      cause,
    });
  });

  it('says nothing about experimental modules, and leaves other warnings alone', async () => {
    const said: string[] = [];
    const listen = (warning: Error): void => void said.push(warning.message);
    const before = Reflect.get(process, 'emitWarning') as unknown;
    process.on('warning', listen);
    await loadDriver();
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(said).toEqual([]);
    expect(Reflect.get(process, 'emitWarning')).toBe(before);
  });
});

describe.each(await availableDrivers())('a connection through %s', (name) => {
  it('gives whole numbers as bigint, text, bytes and nothing as they are', async () => {
    const connection = (await loadDriver(name)).open(':memory:');
    connection.exec('CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d TEXT)');
    connection
      .prepare('INSERT INTO t VALUES (?, ?, ?, ?)')
      .run(9_223_372_036_854_775_807n, 'ü', new Uint8Array([1]), null);
    const row = { ...connection.prepare('SELECT * FROM t').get() };
    expect({ ...row, c: [...(row['c'] as Uint8Array)] }).toEqual({
      a: 9_223_372_036_854_775_807n,
      b: 'ü',
      c: [1],
      d: null,
    });
    expect(connection.prepare('SELECT * FROM t WHERE a = ?').all(1)).toEqual([]);
    expect(connection.prepare('SELECT * FROM t WHERE a = ?').get(1)).toBeUndefined();
    connection.close();
    connection.close();
  });

  it('says which kind of error it met', async () => {
    const connection = (await loadDriver(name)).open(':memory:');
    connection.exec('CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    const caught = (body: () => void): unknown => {
      try {
        body();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const duplicate = caught(() => connection.prepare('INSERT INTO t VALUES (?)').run(1));
    expect([isConstraint(duplicate), isBusy(duplicate), isDamaged(duplicate)]).toEqual([true, false, false]);
    const syntax = caught(() => connection.exec('nonsense'));
    expect([isConstraint(syntax), isBusy(syntax), isDamaged(syntax)]).toEqual([false, false, false]);
    connection.close();
  });
});
