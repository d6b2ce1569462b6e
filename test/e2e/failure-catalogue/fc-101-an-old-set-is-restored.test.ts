import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectId } from '@learnamp/directory-sync';
import { backUpSqliteStores, restoreSqliteStores } from '@learnamp/directory-sync/sqlite';
import { describe, expect, it } from 'vitest';
import { canariesIn } from '../../support/canaries.js';
import { canaries, canaryName, canaryProfile } from '../../support/person-canary.js';
import { none } from '../../support/report.js';
import { calm, expectReplayEqualsLive, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const by = { actor: 'Data protection', reason: 'article 17' };

const pathsOf = ({ folder }: Stage) => {
  const logPath = join(folder, 'log.db');
  return { logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` };
};

const backUp = (stage: Stage, name = 'backup') =>
  backUpSqliteStores({ ...pathsOf(stage), folder: join(stage.folder, name) });

/** The disk is lost, and the old set put in its place. */
const restore = async (stage: Stage, erasures: ReadonlyArray<ObjectId> = []) => {
  await stage.close();
  for (const path of Object.values(pathsOf(stage)))
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  const report = await restoreSqliteStores({ ...pathsOf(stage), folder: join(stage.folder, 'backup'), erasures });
  await stage.reopen();
  return report;
};

/** Three days of a company: hired, left, moved, promoted, invited, restored and renamed. */
const threeDays = async (stage: Stage, crew: ReadonlyArray<string>) => {
  const hired = stage.crew(6, { department: 'Research' });
  await stage.sync();
  const [left = '', moved = '', back = ''] = crew;
  stage.leave(left);
  stage.directory.updateUser(moved, { jobTitle: 'Head of everything', department: 'Research' });
  await stage.sync();
  stage.leave(back);
  await stage.sync();
  stage.directory.addMember(stage.directory.scopeGroupId, back);
  const renamed = hired[0] ?? '';
  stage.directory.updateUser(renamed, {
    userPrincipalName: 'new.name@fabrikam.example',
    mail: 'new.name@fabrikam.example',
  });
  await stage.sync();
  return { hired, left };
};

const open = async (options: StageOptions) => {
  const stage = await openStage({ graph: calm, ...options });
  const crew = stage.crew(20, { department: 'Sales' });
  await stage.sync();
  const manifest = await backUp(stage);
  return { stage, crew, manifest };
};

const accountsOf = (stage: Stage) =>
  stage.learnAmp.accounts().map(({ id, email, status, jobTitle, primaryTeamId }) => ({
    id,
    email,
    status,
    jobTitle,
    primaryTeamId,
  }));

describe('FC-101 log and key store of three days ago', () => {
  it.each<[string, StageOptions, boolean]>([
    ['nobody is invited', {}, false],
    ['everybody is invited at once', { preferences: { invitations: 'immediate' } }, false],
    ['nobody may be adopted by address', { preferences: { invitations: 'immediate', adoptByEmail: false } }, false],
    ['and Graph has forgotten the cursors', { preferences: { invitations: 'immediate' } }, true],
  ])('are gone on with: no second account, no second mail, nobody deactivated: %s', async (_, options, forgotten) => {
    const { stage, crew } = await open(options);
    const { hired, left } = await threeDays(stage, crew);
    const [accounts, mails] = [accountsOf(stage), stage.learnAmp.invitations().length];
    const deactivations = stage.learnAmp.deactivations().length;
    await restore(stage);
    if (forgotten) stage.simulator.expireDeltaTokens();

    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, people: { inScope: 25, linked: 25 } });
    expect(report.commands.CreateUser?.succeeded ?? 0).toBeLessThanOrEqual(hired.length);
    expect(accountsOf(stage)).toEqual(accounts);
    expect(stage.learnAmp.invitations()).toHaveLength(mails);
    expect(stage.learnAmp.deactivations()).toHaveLength(deactivations);
    expect(stage.account(left).status).toBe('deactivated');
    expect((await stage.sync()).events).toEqual(none);
    expect((await stage.sync({ full: true })).commands).toEqual(none);
    await expectReplayEqualsLive(stage.engine());
    expect(await stage.engine().rebuild({ verify: true })).toMatchObject({ differences: 0 });
  });

  it('do not deactivate more than the hold lets pass', async () => {
    const { stage, crew } = await open({});
    for (const userId of crew.slice(0, 8)) stage.leave(userId);
    await restore(stage);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 3, people: { held: 8 } });
    expect(stage.learnAmp.deactivations()).toEqual([]);
  });
});

describe('FC-101 somebody was erased since', () => {
  const openErased = async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(10);
    const xq = stage.hire(canaryName, canaryProfile) as ObjectId;
    await stage.sync();
    await backUp(stage);
    stage.leave(xq);
    await stage.sync();
    await stage.engine().erase(xq, by);
    const later = await backUp(stage, 'later');
    return { stage, xq, later };
  };

  it('a later manifest names them, and given to the restore keeps their data unreadable', async () => {
    const { stage, xq, later } = await openErased();
    expect(later.erasures).toEqual([xq]);
    expect(await restore(stage, later.erasures)).toMatchObject({ destroyed: 1 });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 10 } });
    const shown = JSON.stringify(await stage.events());
    expect(canaries.filter((canary) => shown.includes(canary))).toEqual([]);
    expect(canariesIn(stage.folder, canaries)).toEqual([]);
    expect(stage.account(xq).status).toBe('deactivated');
    // The event itself is recorded by erasing again.
    expect(await stage.engine().erase(xq, by)).toEqual({ userId: xq, outcome: 'erased' });
    expect(await stage.engine().erase(xq, by)).toEqual({ userId: xq, outcome: 'already-erased' });
    await expectReplayEqualsLive(stage.engine());
  });

  it('and hired again, is read anew: keeps the one account, and what changes reaches it', async () => {
    const { stage, xq, later } = await openErased();
    stage.directory.addMember(stage.directory.scopeGroupId, xq);
    await stage.sync();
    const [{ id }, mails] = [stage.account(xq), stage.learnAmp.invitations().length];
    await restore(stage, later.erasures);
    stage.directory.updateUser(xq, { jobTitle: 'Quartermaster' });
    expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11, linked: 11 } });
    expect(stage.account(xq)).toMatchObject({ id, jobTitle: 'Quartermaster', status: 'not_invited' });
    expect(stage.learnAmp.accounts().filter(({ email }) => email === stage.account(xq).email)).toHaveLength(1);
    expect(stage.learnAmp.invitations()).toHaveLength(mails);
    stage.leave(xq);
    await stage.sync();
    expect(stage.account(xq)).toMatchObject({ id, status: 'deactivated' });
    await expectReplayEqualsLive(stage.engine());
  });

  it('without it they are back, as the documentation says, and can be erased again', async () => {
    const { stage, xq } = await openErased();
    expect(await restore(stage)).toMatchObject({ destroyed: 0 });
    expect(JSON.stringify(await stage.events('UserJoinedGroup'))).toContain(canaryName);
    await stage.sync();
    expect(await stage.engine().erase(xq, by)).toMatchObject({ outcome: 'erased' });
    expect(JSON.stringify(await stage.events())).not.toContain(canaryName);
  });
});

describe('a backup', () => {
  it('is refused where the folder exists, and a restore where a file stands', async () => {
    const { stage } = await open({});
    await expect(backUp(stage)).rejects.toThrow(/exists already: name a new folder/);
    const folder = join(stage.folder, 'backup');
    await expect(restoreSqliteStores({ ...pathsOf(stage), folder })).rejects.toThrow(/log\.db exists: move log/);
    const elsewhere = {
      logPath: join(stage.folder, 'a'),
      keysPath: join(stage.folder, 'b'),
      localPath: join(stage.folder, 'c'),
    };
    await expect(restoreSqliteStores({ ...elsewhere, folder: stage.folder })).rejects.toThrow(
      /holds no manifest\.json/,
    );
    await stage.sync();
  });

  it.each(['log.db', 'log.db.keys'])('of which one byte was changed is refused: %s', async (name) => {
    const { stage } = await open({});
    const [folder, file] = [join(stage.folder, 'backup'), join(stage.folder, 'backup', name)];
    const bytes = readFileSync(file);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const elsewhere = {
      logPath: join(stage.folder, 'a'),
      keysPath: join(stage.folder, 'b'),
      localPath: join(stage.folder, 'c'),
    };
    await expect(restoreSqliteStores({ ...elsewhere, folder })).rejects.toThrow(/is not the file that was backed up/);
  });

  it('that is taken while an engine writes is whole', async () => {
    const { stage } = await open({});
    stage.crew(60);
    const [report, ...manifests] = await Promise.all([
      stage.sync(),
      ...Array.from({ length: 5 }, (_, n) => backUp(stage, `during-${n}`)),
    ]);
    expect(report.exitCode).toBe(0);
    expect(new Set(manifests.map(({ keyStoreId }) => keyStoreId)).size).toBe(1);
  });
});
