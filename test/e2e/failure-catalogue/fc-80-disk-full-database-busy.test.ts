import { join } from 'node:path';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { eventLogFile } from '../../../packages/event-log-sqlite/src/event-log-file.js';
import { openFile } from '../../../packages/event-log-sqlite/src/open-file.js';
import { eventLogOver } from '../../../packages/event-log-sqlite/src/open-sqlite-event-log.js';
import type { Connection } from '../../../packages/event-log-sqlite/src/sqlite-driver.js';
import { loadDriver } from '../../../packages/event-log-sqlite/src/sqlite-driver.js';
import { inWords, openInvariants } from '../../invariants/look-at-world.js';
import { connect, sqliteFolder } from '../../support/connect.js';
import { connectionTo, during, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { calm, expectReplayEqualsLive, nobody } from '../../support/stage.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

/** Another process that holds the lock of a file, as a backup does. */
const lock = async (path: string): Promise<Connection> => {
  const connection = (await loadDriver()).open(path);
  connection.exec('BEGIN IMMEDIATE');
  return connection;
};

const release = (connection: Connection): void => {
  connection.exec('ROLLBACK');
  connection.close();
};

/** An engine over files, through a connection to the log that can be kept from growing or from waiting long. */
const openCompanyOnFiles = async () => {
  const simulator = await startSimulator({ seed: 2, company: nobody, graph: calm });
  const files = await sqliteFolder();
  const logPath = join(files.folder, 'log.db');
  const connection = await openFile(eventLogFile, { path: logPath });
  const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
  const log = eventLogOver(connection, { milliseconds: 60, pause: 15 });
  const close = (): Promise<void> => Promise.all([log.close(), stores.log.close()]).then(() => undefined);
  const engine = connect(simulator, { stores: { ...stores, log: { ...log, close } } });
  onTestFinished(async () => {
    await engine.close();
    await simulator.close();
    await files.remove();
  });
  const look = openInvariants(simulator);
  const pages = (): number => Number(connection.prepare('PRAGMA page_count').get()?.['page_count'] ?? 0);
  return {
    ...{ simulator, engine, log, logPath, pages },
    limit: (count: number): void => connection.exec(`PRAGMA max_page_count = ${count}`),
    check: async () => expect(inWords(await look({ engine, log }))).toBe(''),
  };
};

it('a full disk stops recording and sending, and what stopped goes on by itself once there is room', async () => {
  const { simulator, engine, pages, limit, check } = await openCompanyOnFiles();
  hire(simulator, 'Ann Lee');
  expect(await engine.sync()).toMatchObject({ ok: true, people: { linked: 1 } });
  const sent = simulator.learnAmp.writes().length;
  const { head } = await engine.status();
  for (let n = 0; n < 60; n += 1) hire(simulator, `Crew Member${n}`);
  // Room for a page or two: at some append there is none left.
  limit(pages() + 1);
  const full = await engine.sync();
  expect(full).toMatchObject({ ok: false, exitCode: 1, error: { code: 'log-unavailable' } });
  expect(await engine.sync()).toMatchObject({ ok: false, error: { code: 'log-unavailable' } });
  // Nothing went out that could not be recorded before.
  expect(simulator.learnAmp.writes().length).toBe(sent);
  expect(BigInt((await engine.status()).head?.revision ?? 0)).toBeGreaterThanOrEqual(BigInt(head?.revision ?? 0));

  limit(1_000_000);
  expect(await engine.sync()).toMatchObject({ ok: true, people: { linked: 61 } });
  expect(simulator.learnAmp.accounts()).toHaveLength(63);
  expect((await engine.sync()).events).toEqual({});
  await expectReplayEqualsLive(engine);
  await check();
});

it('a log that another process locks is waited for, then given up, and used again once it is free', async () => {
  const { simulator, engine, logPath, check } = await openCompanyOnFiles();
  hire(simulator, 'Ann Lee');
  await engine.sync();
  const held = await lock(logPath);
  hire(simulator, 'Bo Late');
  expect(await engine.sync()).toMatchObject({ ok: false, error: { code: 'log-unavailable' } });
  expect(simulator.learnAmp.accounts()).toHaveLength(3);
  release(held);
  expect(await engine.sync()).toMatchObject({ ok: true, people: { linked: 2 } });
  await check();
});

it('a notification that cannot be made durable is answered 503, so that Graph comes again', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const files = await sqliteFolder();
  onTestFinished(() => files.remove());
  hire(company, 'Ann Lee');
  const running = await openRunning([company], { time, stores: await files.open(), notified: true });
  await during(time, running.engine.add(connectionTo(company)));
  running.engine.start();
  await time.until(() => company.subscriptions.list().length > 0, 3_600_000);
  const held = await lock(join(files.folder, 'log.db.local'));
  expect((await running.notify(company)).status).toBe(503);
  release(held);
  expect((await running.notify(company)).status).toBe(202);
  const fresh = hire(company, 'Bo Late');
  await time.until(() => company.learnAmp.accountByExternalId(fresh) !== undefined, 3_600_000);
});
