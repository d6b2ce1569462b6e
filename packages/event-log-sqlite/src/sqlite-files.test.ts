import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventLogFile } from './event-log-file.js';
import { openFile } from './open-file.js';
import { openSqliteEventLog } from './open-sqlite-event-log.js';
import { openSqliteKeyStore } from './open-sqlite-key-store.js';
import { openSqliteLocalCache } from './open-sqlite-local-cache.js';
import { loadDriver } from './sqlite-driver.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const record = (id: string) => ({
  id,
  type: 'T',
  schemaVersion: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data: {},
  metadata: { subjects: [], correlationId: 'c', causationId: 'c' },
});

describe.each(await availableDrivers())('files through %s', (driver) => {
  const at = (name: string) => ({ path: folder.path(name), driver });

  it('are readable by their owner only, companions included, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const [log, keys, cache] = [
        await openSqliteEventLog(at('log.db')),
        await openSqliteKeyStore(at('keys.db')),
        await openSqliteLocalCache(at('local.db')),
      ];
      await log.append('s', 'any', [record('1')])();
      await keys.current(['ada'])();
      await cache.put('key', 'value');
      for (const name of ['log.db', 'keys.db', 'local.db']) {
        for (const companion of ['', '-wal', '-shm']) expect(modeOf(folder.path(name + companion))).toBe('600');
      }
      await Promise.all([log.close(), keys.close(), cache.close()]);
    } finally {
      process.umask(umask);
    }
  });

  it('are closed to others again when they were opened up', async () => {
    await (await openSqliteKeyStore(at('keys.db'))).close();
    chmodSync(folder.path('keys.db'), 0o666);
    const keys = await openSqliteKeyStore(at('keys.db'));
    expect(modeOf(folder.path('keys.db'))).toBe('600');
    await keys.close();
  });

  it('of another kind, or of somebody else, are refused and left as they are', async () => {
    await (await openSqliteKeyStore(at('keys.db'))).close();
    await expect(openSqliteEventLog(at('keys.db'))).rejects.toThrow(
      'is a database of something else, not the event log.',
    );
    const foreign = (await loadDriver(driver)).open(folder.path('foreign.db'));
    foreign.exec('CREATE TABLE people (name TEXT)');
    foreign.close();
    chmodSync(folder.path('foreign.db'), 0o644);
    const before = readFileSync(folder.path('foreign.db'));
    for (const open of [openSqliteEventLog, openSqliteKeyStore, openSqliteLocalCache]) {
      await expect(open(at('foreign.db'))).rejects.toMatchObject({ reason: 'foreign' });
    }
    expect(readFileSync(folder.path('foreign.db')).equals(before)).toBe(true);
    expect(modeOf(folder.path('foreign.db'))).toBe('644');
  });

  it('that are no database are refused and left as they are', async () => {
    writeFileSync(folder.path('text.db'), 'not a database, '.repeat(1_000));
    await expect(openSqliteEventLog(at('text.db'))).rejects.toThrow('is damaged or no database');
    await expect(openSqliteKeyStore(at('text.db'))).rejects.toMatchObject({ reason: 'damaged' });
    expect(readFileSync(folder.path('text.db'), 'utf8')).toBe('not a database, '.repeat(1_000));
  });

  it('of a newer version are refused, with both versions', async () => {
    await (await openSqliteEventLog(at('log.db'))).close();
    const connection = await openFile(eventLogFile, at('log.db'));
    connection.exec('UPDATE schema_version SET version = 9');
    connection.close();
    await expect(openSqliteEventLog(at('log.db'))).rejects.toThrow(
      'has schema version 9, and this version knows 1 at most. Install a newer version.',
    );
  });

  it('of an older version are brought to the present one, step by step, and keep what they hold', async () => {
    const log = await openSqliteEventLog(at('log.db'));
    await log.append('s', 'any', [record('1')])();
    await log.close();
    const next = { ...eventLogFile, migrations: [...eventLogFile.migrations, 'CREATE TABLE extra (n INTEGER) STRICT'] };
    for (let times = 0; times < 2; times += 1) {
      const connection = await openFile(next, at('log.db'));
      expect(connection.prepare('SELECT version FROM schema_version').all()).toEqual([{ version: 2n }]);
      expect(connection.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 1n });
      connection.close();
    }
    const broken = { ...next, migrations: [...next.migrations, 'CREATE TABLE more (n INTEGER) STRICT', 'nonsense'] };
    await expect(openFile(broken, at('log.db'))).rejects.toThrow();
    const connection = await openFile(next, at('log.db'));
    expect(connection.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").get()).toBeUndefined();
    connection.close();
  });

  it('that cannot be opened are refused with a sentence', async () => {
    await expect(openSqliteEventLog(at('missing/log.db'))).rejects.toThrow(
      `The event log ${folder.path('missing/log.db')} cannot be opened: there is no folder ${folder.path('missing')}. Make it, or name another path.`,
    );
    mkdirSync(folder.path('folder.db'));
    await expect(openSqliteKeyStore(at('folder.db'))).rejects.toThrow(
      `The key store ${folder.path('folder.db')} cannot be opened: it is a folder. Name a file in it.`,
    );
    writeFileSync(folder.path('file'), '');
    await expect(openSqliteEventLog(at('file/log.db'))).rejects.toThrow(
      `${folder.path('file')} is no folder. Name another path.`,
    );
  });

  it('may be opened for the first time by many at once', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => openSqliteKeyStore(at('keys.db'))));
    expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
    const asked = await Promise.all(stores.map((store) => store.current(['ada'])()));
    const keyIds = asked.map((answer) =>
      answer._tag === 'Right' ? answer.right.get('ada')?.keyId : answer.left.cause,
    );
    expect(new Set(keyIds).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('hold no byte of a destroyed key', async () => {
    const keys = await openSqliteKeyStore(at('keys.db'));
    const made = await keys.current(['ada', 'bob'])();
    if (made._tag === 'Left') throw made.left.cause;
    const [ada, bob] = [Buffer.from(made.right.get('ada')!.key), Buffer.from(made.right.get('bob')!.key)];
    const holds = (key: Buffer): boolean =>
      ['keys.db', 'keys.db-wal', 'keys.db-shm']
        .map(folder.path)
        .some((path) => existsSync(path) && readFileSync(path).includes(key));
    expect([holds(ada), holds(bob)]).toEqual([true, true]);
    expect(await keys.destroy('ada')()).toMatchObject({ _tag: 'Right' });
    expect([holds(ada), holds(bob)]).toEqual([false, true]);
    await keys.close();
  });
});
