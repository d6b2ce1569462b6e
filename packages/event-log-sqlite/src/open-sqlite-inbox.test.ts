import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inboxConformance } from '@learnamp/directory-sync-event-sourcing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localFile } from './local-database.js';
import { openFile } from './open-file.js';
import { openSqliteInbox } from './open-sqlite-inbox.js';
import { openSqliteLocalCache } from './open-sqlite-local-cache.js';
import { availableDrivers } from './testing/drivers.js';
import { scratchFolder } from './testing/scratch-folder.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(() => folder.remove());

const path = (): string => folder.path('local.db');
const mark = (tenantId = 'contoso', count = 1) =>
  ({ tenantId, resource: 'users', receivedAt: '2026-02-03T04:05:06.789Z', count }) as const;

const drivers = await availableDrivers();
for (const driver of drivers) {
  inboxConformance({
    name: `SQLite through ${driver}`,
    describe,
    it,
    durable: true,
    open: async () => {
      const scratch = await scratchFolder();
      const options = { path: scratch.path('local.db'), driver };
      let inbox = await openSqliteInbox(options);
      return {
        inbox,
        reopen: async () => {
          await inbox.close();
          inbox = await openSqliteInbox(options);
          return inbox;
        },
        close: async () => {
          await inbox.close();
          await scratch.remove();
        },
      };
    },
  });
}

describe.each(drivers)('the inbox through %s', (driver) => {
  const open = () => openSqliteInbox({ path: path(), driver });
  const rowsOf = async (): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> => {
    const connection = await openFile(localFile, { path: path(), driver });
    const rows = connection.prepare('SELECT * FROM inbox ORDER BY sequence').all();
    connection.close();
    return rows;
  };

  it('writes calls that come together in one transaction, as one row for a tenant and resource', async () => {
    const inbox = await open();
    const tenants = ['contoso', 'fabrikam'];
    await Promise.all(Array.from({ length: 500 }, (_, n) => inbox.mark([mark(tenants[n % 2])])));
    expect((await rowsOf()).map(({ tenant_id, count }) => [tenant_id, count])).toEqual([
      ['contoso', 250n],
      ['fabrikam', 250n],
    ]);
    await inbox.close();
  });

  it('keeps the file small under a flood that nobody reads, and still counts everything', async () => {
    const inbox = await open();
    for (let n = 0; n < 1_600; n += 1) {
      await inbox.mark([n % 3 === 0 ? { ...mark('contoso', 2), resource: 'groups' } : mark('contoso', 2)]);
    }
    expect((await rowsOf()).length).toBeLessThan(1_100);
    const pending = await inbox.pending('contoso');
    expect(pending?.count).toBe(3_200);
    await inbox.mark([mark('contoso', 7)]);
    await inbox.clear('contoso', pending!.sequence);
    expect((await inbox.pending('contoso'))?.count).toBe(7);
    await inbox.close();
  });

  it('stands in the file of the cache, and both come to a file that was written before there was an inbox', async () => {
    const [cacheOnly = ''] = localFile.migrations;
    const old = await openFile({ ...localFile, migrations: [cacheOnly] }, { path: path(), driver });
    old.exec("INSERT INTO cache (key, value) VALUES ('link', 'kept')");
    old.close();
    const cache = await openSqliteLocalCache({ path: path(), driver });
    const inbox = await open();
    await inbox.mark([mark()]);
    await cache.put('other', 'value');
    expect(await cache.get('link')).toBe('kept');
    expect((await inbox.pending('contoso'))?.count).toBe(1);
    await cache.close();
    await inbox.close();
  });

  it('waits for another process that writes, and gives up while Graph still listens', async () => {
    const inbox = await openSqliteInbox({ path: path(), driver, patience: { milliseconds: 40, pause: 10 } });
    const other = await openFile(localFile, { path: path(), driver });
    other.exec('BEGIN IMMEDIATE');
    await expect(inbox.mark([mark()])).rejects.toThrow(/locked|busy/i);
    const waiting = inbox.mark([mark()]);
    setImmediate(() => other.exec('COMMIT'));
    await waiting;
    expect((await inbox.pending('contoso'))?.count).toBe(1);
    other.close();
    await inbox.close();
  });

  it('refuses at once when ten thousand calls wait, and loses none that it took', async () => {
    const inbox = await open();
    const answers = await Promise.allSettled(Array.from({ length: 10_500 }, () => inbox.mark([mark()])));
    const taken = answers.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBe(10_000);
    expect((await inbox.pending('contoso'))?.count).toBe(taken);
    await inbox.close();
  });

  it('begins again when the file is damaged in use, with the cache beside it, and goes on counting upwards', async () => {
    const filling = await openSqliteLocalCache({ path: path(), driver });
    for (let n = 0; n < 200; n += 1) await filling.put(`key-${n}`, 'x'.repeat(500));
    await filling.close();
    const first = await open();
    await first.mark([mark()]);
    const { sequence } = (await first.pending('contoso'))!;
    await first.close();
    writeFileSync(path(), readFileSync(path()).fill(0xff, 4_096));
    const [inbox, cache] = [await open(), await openSqliteLocalCache({ path: path(), driver })];
    await inbox.mark([mark('contoso', 5)]);
    expect(existsSync(folder.path('local.db.damaged'))).toBe(true);
    await inbox.clear('contoso', sequence);
    expect((await inbox.pending('contoso'))?.count).toBe(5);
    await cache.put('link', 'new');
    await cache.close();
    const again = await openSqliteLocalCache({ path: path(), driver });
    expect(await again.get('link')).toBe('new');
    expect((await inbox.pending('contoso'))?.count).toBe(5);
    await again.close();
    await inbox.close();
  });

  it('makes a new file when somebody removed it, and marks stay durable', async () => {
    const inbox = await open();
    await inbox.mark([mark()]);
    for (const companion of ['', '-wal', '-shm']) rmSync(path() + companion);
    await inbox.mark([mark('fabrikam')]);
    expect((await rowsOf()).map(({ tenant_id }) => tenant_id)).toEqual(['fabrikam']);
    await inbox.close();
  });
});

describe('several processes on one inbox', () => {
  const program = fileURLToPath(new URL('./testing/marking-process.js', import.meta.url));
  const start = (tenantId: string, calls: number, times: number) =>
    spawn(process.execPath, [program, path(), tenantId, String(calls), String(times)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('mark side by side while a third one reads and clears, and no mark is lost or counted twice', async () => {
    const inbox = await openSqliteInbox({ path: path() });
    const children = [start('contoso', 10, 50), start('contoso', 10, 50)];
    let running = children.length;
    const codes = children.map(async (child) => {
      const [code] = (await once(child, 'exit')) as ReadonlyArray<unknown>;
      running -= 1;
      return code;
    });
    let cleared = 0;
    while (running > 0) {
      const pending = await inbox.pending('contoso');
      if (pending !== undefined) await inbox.clear('contoso', pending.sequence);
      cleared += pending?.count ?? 0;
      await new Promise(setImmediate);
    }
    expect(await Promise.all(codes)).toEqual([0, 0]);
    expect(cleared + ((await inbox.pending('contoso'))?.count ?? 0)).toBe(1_000);
    await inbox.close();
  });

  it('leave every answered mark behind when they are killed', async () => {
    for (const [round, times] of [1, 2, 5].entries()) {
      const child = start(`killed-${round}`, 20, 1_000_000);
      let answered = 0;
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        answered = Number(line);
        lines += 1;
        if (lines === times) child.kill('SIGKILL');
      }
      const inbox = await openSqliteInbox({ path: path() });
      expect((await inbox.pending(`killed-${round}`))?.count).toBeGreaterThanOrEqual(answered);
      await inbox.close();
    }
  });
});
