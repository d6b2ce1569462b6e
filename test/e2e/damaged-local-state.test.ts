import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteFile } from '../support/open-sqlite-file.js';
import { none } from '../support/report.js';
import { idOf } from '../support/simulator-settings.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../support/stage.js';

const alter = (stage: Stage, sql: string, ...values: ReadonlyArray<string>): void => {
  const file = openSqliteFile(join(stage.folder, 'log.db.local'));
  file.prepare(sql).run(...values);
  file.close();
};

const openCompany = async (): Promise<Stage & { readonly crewIds: ReadonlyArray<string> }> => {
  const stage = await openStage({ graph: calm });
  const crewIds = stage.crew(6, { department: 'Sales' });
  for (const userId of crewIds.slice(1)) stage.directory.setManager(userId, crewIds[0] ?? '');
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 6, linked: 6 } });
  return { ...stage, crewIds };
};

describe('an older key store over a newer log', () => {
  it('is refused before a key is made, and with its own store everything goes on', async () => {
    const stage = await openCompany();
    const keys = join(stage.folder, 'log.db.keys');
    await stage.close();
    await copyFile(keys, `${keys}.monday`);
    await stage.reopen();
    const ann = stage.hire('Ann Lee');
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    await stage.close();
    await copyFile(keys, `${keys}.tuesday`);

    await copyFile(`${keys}.monday`, keys);
    await stage.reopen();
    stage.directory.updateUser(ann, { jobTitle: 'Engineer' });
    const refused = await stage.engine().sync();
    expect(refused).toMatchObject({ exitCode: 1, error: { code: 'key-store-mismatch' }, events: none });
    await expect(stage.engine().status()).rejects.toMatchObject({ code: 'key-store-mismatch' });
    expect(stage.account(ann).jobTitle).not.toBe('Engineer');
    await stage.engine().close();

    await copyFile(`${keys}.tuesday`, keys);
    await stage.reopen();
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    expect(stage.account(ann).jobTitle).toBe('Engineer');
    await expectReplayEqualsLive(stage.engine());
  });
});

describe('the local database, altered where SQLite does not see it', () => {
  it.each([
    ['a manager', 'directory-people', '"managerId":"', '"managerId":"0'],
    ['who is in scope', 'directory-people', '"inScope":true', '"inScope":false'],
    ['a link', 'delivered-people', '"link":', '"link":null,"was":'],
    ['the text of a row', 'delivered-people', '{', '{#'],
  ])('costs a fold and nothing else: %s', async (_, table, from, to) => {
    const stage = await openCompany();
    const [boss, ...others] = stage.crewIds;
    const managed = others.map((id) => stage.account(id).managerId);
    await stage.close();
    alter(stage, 'UPDATE projection_rows SET value = replace(value, ?, ?) WHERE table_name = ?', from, to, table);
    await stage.reopen();
    for (const [n, userId] of stage.crewIds.entries()) stage.directory.updateUser(userId, { jobTitle: `Title ${n}` });
    expect(await stage.sync()).toMatchObject({ exitCode: 0 });
    for (const [n, userId] of stage.crewIds.entries()) expect(stage.account(userId).jobTitle).toBe(`Title ${n}`);
    expect(others.map((id) => stage.account(id).managerId)).toEqual(managed);
    expect(stage.account(boss ?? '').status).toBe('not_invited');
    expect(stage.learnAmp.deactivations()).toEqual([]);
    await expectReplayEqualsLive(stage.engine());
  });

  it('costs one person who is synced alone a fold, too', async () => {
    const stage = await openCompany();
    const [ann = ''] = stage.crewIds.slice(1);
    await stage.close();
    const sql = 'UPDATE projection_rows SET value = replace(value, ?, ?) WHERE table_name = ?';
    alter(stage, sql, '{', '{#', 'delivered-people');
    await stage.reopen();
    stage.directory.updateUser(ann, { jobTitle: 'Editor' });
    expect(await stage.engine().syncUser(idOf(ann))).toMatchObject({ outcome: 'synced', report: { ok: true } });
    expect(stage.account(ann).jobTitle).toBe('Editor');
    await expectReplayEqualsLive(stage.engine());
  });

  it('is told by a comparison with the log, and put right by a rebuild, at the first call each', async () => {
    const stage = await openCompany();
    await stage.close();
    const sql = 'UPDATE projection_rows SET value = replace(value, ?, ?) WHERE table_name = ?';
    alter(stage, sql, '"inScope":true', '"inScope":false', 'directory-people');
    await stage.reopen();
    expect((await stage.engine().rebuild({ verify: true })).differences).toBeGreaterThan(5);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
    await stage.close();
    alter(stage, sql, '"inScope":true', '"inScope":false', 'directory-people');
    await stage.reopen();
    await stage.engine().rebuild();
    expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
  });

  it('texts of the cache that cannot be read are absent', async () => {
    const stage = await openCompany();
    expect(await stage.sync()).toMatchObject({ events: none });
    await stage.close();
    for (const text of ['{#', 'null', '7', '"x"', '[]', '{"link":7,"upTo":"x"}']) {
      alter(stage, 'UPDATE cache SET value = ?', text);
      await stage.reopen();
      expect(await stage.engine().status()).toMatchObject({ people: { inScope: 6 } });
      expect(await stage.sync()).toMatchObject({ exitCode: 0, events: none });
      await stage.close();
    }
    await stage.reopen();
  });
});
