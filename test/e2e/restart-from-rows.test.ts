import { copyFile, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DirectorySync, DirectorySyncError, type Progress, type Stores } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import type { RowChange } from '@learnamp/directory-sync-event-sourcing';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { foldVersion } from '../../packages/engine/src/state/tables.js';
import { connect, sqliteFolder } from '../support/connect.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../support/stage.js';

const files = (folder: string) => {
  const logPath = join(folder, 'log.db');
  return { logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` };
};

const closeStores = async (stores: Stores): Promise<void> => {
  for (const store of [stores.log, stores.keys, stores.projections, stores.cache, stores.inbox]) await store.close();
};

/** Damages rows behind the engine's back: each is written as it is, at the checkpoint that stands. */
const tamper = async (folder: string, changes: ReadonlyArray<Omit<RowChange, 'entries'>>): Promise<void> => {
  const stores = await openSqliteStores(files(folder));
  const rows = await stores.projections.rows({ name: 'directorySync-fabrikam', version: foldVersion });
  const head = rows.checkpoint();
  expect(head).toBeDefined();
  expect(
    rows.commit(
      changes.map((change) => ({ ...change, entries: {} })),
      head,
      head,
    ),
  ).toBe('committed');
  await closeStores(stores);
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof DirectorySyncError)) throw new Error('expected a DirectorySyncError');
  return failure.code;
};

const differences = async (engine: DirectorySync, projection?: 'directory-people' | 'delivered-people') =>
  (await engine.rebuild({ verify: true, projection })).differences;

const copyOf = async (folder: string, name: string): Promise<() => Promise<void>> => {
  const path = join(folder, name);
  await copyFile(path, `${path}.copy`);
  return async () => {
    for (const suffix of ['-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
    await cp(`${path}.copy`, path);
  };
};

const openCompany = async (): Promise<Stage> => {
  const stage = await openStage({ graph: calm });
  stage.crew(6, { department: 'Sales' });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
  return stage;
};

describe('a new process over rows', () => {
  it('reads the end of the log alone, whatever stands before it', async () => {
    const simulator = await startSimulator({ seed: 3, company: { people: 20, outsiders: 0, photos: 0 } });
    const kept = await sqliteFolder();
    onTestFinished(async () => {
      await simulator.close();
      await kept.remove();
    });
    const first = connect(simulator, { stores: await kept.open() });
    expect(await first.sync()).toMatchObject({ exitCode: 0 });
    const { head } = await first.status();
    expect(Number(head?.revision)).toBeGreaterThan(100);
    await first.close();

    let records = 0;
    const stores = await kept.open();
    const counted: Stores = {
      ...stores,
      log: {
        ...stores.log,
        pages: async function* (...asked) {
          for await (const page of stores.log.pages(...asked)) {
            records += page.length;
            yield page;
          }
        },
      },
    };
    const second = connect(simulator, { stores: counted });
    expect(await second.sync()).toMatchObject({ exitCode: 0, events: {}, people: { linked: 20 } });
    expect(await second.status()).toMatchObject({ head, people: { inScope: 20, linked: 20, waiting: 0 } });
    // The record of the checkpoint, and the one before it that its hash is made of.
    expect(records).toBeLessThan(10);
    await expectReplayEqualsLive(second);
    await second.close();
  });

  it('drops rows that were folded from another log', async () => {
    const stage = await openCompany();
    const elsewhere = await openStage({ graph: calm, seed: 2 });
    elsewhere.crew(3);
    await elsewhere.sync();
    await elsewhere.close();
    await stage.close();
    const { localPath } = files(stage.folder);
    for (const suffix of ['', '-wal', '-shm']) await rm(`${localPath}${suffix}`, { force: true });
    await copyFile(files(elsewhere.folder).localPath, localPath);

    await stage.reopen();
    expect(await stage.engine().status()).toMatchObject({ people: { inScope: 6, linked: 6 } });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: {}, people: { inScope: 6, linked: 6 } });
    await expectReplayEqualsLive(stage.engine());
    expect(await differences(stage.engine())).toBe(0);
  });

  it('drops rows of records that a log restored from a backup does not hold', async () => {
    const stage = await openCompany();
    await stage.close();
    const restore = await copyOf(stage.folder, 'log.db');
    await stage.reopen();
    const { head } = await stage.engine().status();
    stage.hire('Lea Late');
    expect(await stage.sync()).toMatchObject({ people: { linked: 7 } });
    await stage.close();
    await restore();

    await stage.reopen();
    expect(await stage.engine().status()).toMatchObject({ head, people: { inScope: 6 } });
    stage.newWrites();
    // Found by its id, not made a second time.
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 7, linked: 7 } });
    expect(stage.learnAmp.accounts().filter(({ email }) => email === 'lea.late@fabrikam.example')).toHaveLength(1);
    await expectReplayEqualsLive(stage.engine());
  });
});

describe('rows that are lost while an engine works on them', () => {
  it('are folded anew within the same cycle, and nobody is written twice', async () => {
    const stage = await openCompany();
    const stores = await openSqliteStores(files(stage.folder));
    (await stores.projections.rows({ name: 'directorySync-fabrikam', version: foldVersion })).clear();
    await closeStores(stores);
    stage.hire('Lea Late');
    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, people: { inScope: 7, linked: 7 } });
    expect(stage.learnAmp.accounts().filter(({ email }) => email === 'lea.late@fabrikam.example')).toHaveLength(1);
    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ ok: true, exitCode: 0, events: {} });
    expect(stage.newWrites()).toEqual([]);
    await expectReplayEqualsLive(stage.engine());
    expect(await differences(stage.engine())).toBe(0);
  });
});

describe('rebuild', () => {
  const wrong = async (stage: Stage): Promise<ReadonlyArray<Omit<RowChange, 'entries'>>> => {
    const userIds: string[] = [];
    for await (const { userId } of stage.engine().people()) userIds.push(userId);
    const [ann = '', ben = ''] = userIds;
    return [
      { table: 'directory-people', key: ann, value: undefined },
      { table: 'delivered-people', key: ben, value: undefined },
    ];
  };

  it('finds no difference after syncs, and says what it folded', async () => {
    const stage = await openCompany();
    const { head } = await stage.engine().status();
    const seen: number[] = [];
    const onProgress = ({ step, done }: Progress) => step === 'fold' && seen.push(done);
    const report = await stage.engine().rebuild({ verify: true, onProgress });
    expect(report).toMatchObject({ differences: 0, head, events: Number(head?.revision) + 1 });
    expect(report.stateDigest).toBe(await stage.engine().stateDigest());
    expect(seen.at(-1)).toBe(report.events);
  });

  it('verifies and replaces nothing, then puts right what was damaged, and the next sync has nothing to do', async () => {
    const stage = await openCompany();
    const digest = await stage.engine().stateDigest();
    const damage = await wrong(stage);
    await stage.close();
    await tamper(stage.folder, damage);
    await stage.reopen();
    // One row of each, and whoever seems to be on no side now is noted as open by nobody.
    expect(await differences(stage.engine())).toBeGreaterThanOrEqual(2);
    expect(await differences(stage.engine(), 'directory-people')).toBe(1);
    expect(await differences(stage.engine(), 'delivered-people')).toBe(1);

    const report = await stage.engine().rebuild();
    expect(report.stateDigest).toBe(digest);
    expect(report.differences).toBeUndefined();
    expect(await differences(stage.engine())).toBe(0);
    expect(await stage.engine().stateDigest()).toBe(digest);
    stage.newWrites();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: {}, people: { linked: 6 } });
    expect(stage.newWrites()).toEqual([]);
  });

  it('of one projection leaves the others as they are', async () => {
    const stage = await openCompany();
    const damage = await wrong(stage);
    await stage.close();
    await tamper(stage.folder, damage);
    await stage.reopen();
    await stage.engine().rebuild({ projection: 'delivered-people' });
    expect(await differences(stage.engine(), 'delivered-people')).toBe(0);
    expect(await differences(stage.engine(), 'directory-people')).toBe(1);
    await stage.engine().rebuild({ projection: 'directory-people' });
    expect(await differences(stage.engine())).toBe(0);
  });

  it('that is stopped has replaced nothing', async () => {
    const stage = await openCompany();
    const damage = await wrong(stage);
    await stage.close();
    await tamper(stage.folder, damage);
    await stage.reopen();
    const controller = new AbortController();
    const stopped = stage.engine().rebuild({ signal: controller.signal, onProgress: () => controller.abort() });
    expect(await codeOf(stopped)).toBe('stopped');
    expect(await differences(stage.engine(), 'directory-people')).toBe(1);
    await stage.engine().rebuild();
  });

  it('begins anew over what one left that died while it wrote its rows', async () => {
    const stage = await openCompany();
    const digest = await stage.engine().stateDigest();
    await stage.close();
    const stores = await openSqliteStores(files(stage.folder));
    const beside = await stores.projections.beside({ name: 'directorySync-fabrikam', version: foldVersion });
    const half = { table: 'directory-people', key: 'nobody the log knows', value: { inScope: true }, entries: {} };
    expect(beside.commit([half], undefined, undefined)).toBe('committed');
    await closeStores(stores);
    await stage.reopen();
    const report = await stage.engine().rebuild();
    expect([report.resumedFrom, report.stateDigest]).toEqual([undefined, digest]);
    expect(await differences(stage.engine())).toBe(0);
  });

  it('between two cycles of one process is not noticed by the second', async () => {
    const stage = await openCompany();
    stage.hire('Lea Late');
    await stage.engine().rebuild();
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 7, linked: 7 } });
    expect((await stage.sync()).events).toEqual({});
  });
});
