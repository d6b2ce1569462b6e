import { readdir } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, sqliteFolder } from '../support/connect.js';
import { contentsOf } from '../support/files.js';
import { openPhotos, picture, small } from '../support/photos.js';
import { expectPreviewEqualsSync, previewed } from '../support/previewed.js';
import { calm, openStage, type StageOptions } from '../support/stage.js';

const openCompany = (options: StageOptions = {}) =>
  openStage({
    seed: 3,
    graph: calm,
    company: { people: 20, outsiders: 6, existingAccounts: 3, photos: 0 },
    preferences: { customFields: { employeeId: 'Staff no' }, invitations: 'immediate' },
    learnAmp: { customFields: [{ name: 'Staff no' }] },
    ...options,
  });

describe('a preview', () => {
  it('of a first sync lists what it sends, in words, and writes nothing anywhere', async () => {
    const stage = await openCompany();
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.commands.length).toBeGreaterThan(60);
    for (const { summary, reason, risk } of preview.commands) {
      expect(summary).toMatch(/\w+/);
      expect(reason).not.toBe('changed-at-learn-amp');
      expect(risk).not.toBe('destructive');
    }
  });

  it('of an ordinary day lists what it sends', async () => {
    const stage = await openCompany();
    await stage.sync();
    const { directory } = stage;
    const people = [...directory.reachableUsers()];
    const [one = '', two = '', three = '', four = '', five = ''] = people;
    directory.updateUser(one, { jobTitle: 'Writer', department: 'A new department', employeeId: '1' });
    directory.updateUser(two, { userPrincipalName: 'renamed@fabrikam.example', officeLocation: null });
    directory.setManager(three, four);
    directory.deleteUser(five);
    stage.hire('Ann Lee', { department: 'Another new one' });
    const { preview } = await expectPreviewEqualsSync(stage);
    const of = (kind: string) => preview.commands.find((command) => command.kind === kind);
    expect(of('DeactivateUser')).toMatchObject({
      userId: five,
      reason: 'deleted',
      risk: 'destructive',
      after: { status: 'deactivated' },
    });
    expect(of('ChangeEmail')).toMatchObject({
      userId: two,
      reason: 'directory-changed',
      risk: 'visible',
      after: { email: 'renamed@fabrikam.example' },
    });
    expect(preview.totals).toMatchObject({ send: preview.commands.length, held: 0, owners: 0, admins: 0 });
    expect(preview.totals.byRisk.destructive).toBe(1);
  });

  it('of a day on which much is held lists that as held', async () => {
    const stage = await openStage({ graph: calm });
    const crew = stage.crew(12);
    await stage.sync();
    for (const id of crew.slice(0, 7)) stage.leave(id);
    stage.directory.updateUser(crew[9] ?? '', { jobTitle: 'Writer' });
    const { preview, report } = await expectPreviewEqualsSync(stage);
    expect(report).toMatchObject({ exitCode: 3, people: { held: 7 } });
    const waiting = preview.commands.filter(({ held }) => held);
    expect(waiting).toHaveLength(7);
    for (const command of waiting) expect(command).toMatchObject({ reason: 'left-the-group', risk: 'destructive' });
    expect(preview.totals).toMatchObject({ send: 1, held: 7, byKind: { UpdateProfile: 1 } });
  });

  it('of a full sync, and of a day on which nothing happened, lists that too', async () => {
    const stage = await openCompany();
    await stage.sync();
    const { preview: idle } = await expectPreviewEqualsSync(stage);
    expect(idle.commands).toEqual([]);
    const account = stage.learnAmp.accounts().at(-1);
    stage.learnAmp.deactivate(account?.id ?? 0);
    const { preview } = await expectPreviewEqualsSync(stage, { full: true });
    expect(preview.commands.map(({ kind }) => kind)).toContain('ReactivateUser');
  });

  it('of a look that finds what was changed by hand says so, and records nothing of it', async () => {
    const stage = await openStage({ graph: calm });
    const [ann = '', ben = '', cleo = '', dan = ''] = stage.crew(9, { jobTitle: 'Clerk', department: 'Sales' });
    stage.directory.setManager(ann, ben);
    await stage.sync();
    stage.leave(dan);
    await stage.sync();
    const edit = (id: string, patch: Parameters<typeof stage.learnAmp.updateAccount>[1]) =>
      stage.learnAmp.updateAccount(stage.account(id).id, patch);
    edit(ann, { jobTitle: 'Chief', managerId: stage.account(cleo).id });
    edit(cleo, { email: 'elsewhere@fabrikam.example' });
    edit(dan, { status: 'confirmed' });
    const { preview } = await expectPreviewEqualsSync(stage, { full: true });
    const found = preview.commands.map(({ kind, userId, reason }) => [kind, userId, reason]);
    expect(found).toContainEqual(['UpdateProfile', ann, 'changed-at-learn-amp']);
    expect(found).toContainEqual(['SetOverrideManager', ann, 'changed-at-learn-amp']);
    expect(found).toContainEqual(['DeactivateUser', dan, 'changed-at-learn-amp']);
    expect(preview.commands.find(({ kind, userId }) => kind === 'UpdateProfile' && userId === ann)).toMatchObject({
      before: { jobTitle: 'Chief' },
      after: { jobTitle: 'Clerk' },
    });
  });

  it('lists photos as well: new ones, changed ones, and none that Learn Amp has already', async () => {
    const stage = await openPhotos({ preferences: { clearRemovedPhotos: true } });
    const [ann = '', ben = '', cleo = '', dan = ''] = stage.crew(4);
    for (const id of [ann, ben, dan]) stage.directory.setPhoto(id, picture(id), small);
    await stage.sync();
    stage.directory.setPhoto(ben, picture('another'), small);
    stage.directory.setPhoto(cleo, picture('new'), small);
    stage.directory.removePhoto(dan);
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.totals.byKind).toEqual({ SetAvatar: 2, ClearAvatar: 1 });
    expect(preview.totals.byReason).toEqual({ photo: 2, 'photo-removed': 1 });
    expect(stage.learnAmp.avatarWrites()).toHaveLength(6);
  });

  it('beside an engine that has the connection open touches no file, and the engine goes on', async () => {
    const simulator = await startSimulator({ seed: 5, graph: calm, company: { people: 12, photos: 0 } });
    const files = await sqliteFolder();
    const running = connect(simulator, { stores: await files.open() });
    const logPath = join(files.folder, 'log.db');
    await running.sync();
    const beside = connect(simulator, {
      stores: await openSqliteStores({
        logPath,
        keysPath: `${logPath}.keys`,
        localPath: `${logPath}.local`,
        readOnly: true,
      }),
    });
    onTestFinished(async () => {
      await beside.close();
      await running.close();
      await simulator.close();
      await files.remove();
    });
    const [ann = ''] = simulator.directory.reachableUsers();
    simulator.directory.updateUser(ann, { jobTitle: 'Writer' });
    // What several processes share about a file of SQLite is no data.
    const contents = async () =>
      Object.entries(await contentsOf(files.folder)).filter(([name]) => !name.endsWith('-shm'));
    const before = await contents();
    const writes = simulator.learnAmp.writes().length;
    const { commands } = await beside.preview();
    expect(commands.map(({ kind, userId }) => [kind, userId])).toEqual([['UpdateProfile', ann]]);
    expect(simulator.learnAmp.writes()).toHaveLength(writes);
    expect(await contents()).toEqual(before);
    expect(await running.sync()).toMatchObject({ ok: true, commands: { UpdateProfile: { succeeded: 1 } } });
  });

  it('knows of an account that somebody who comes later has already', async () => {
    const stage = await openStage({ graph: calm });
    stage.crew(4);
    await stage.sync();
    stage.learnAmp.addAccount({ email: 'ann.lee@fabrikam.example', firstName: 'By', lastName: 'Hand' });
    stage.hire('Ann Lee', { jobTitle: 'Engineer' });
    stage.hire('Ben Ode');
    const { preview } = await expectPreviewEqualsSync(stage);
    expect(preview.commands.map(({ kind }) => kind)).toContain('LinkUser');
  });

  it('can be asked for again and again, and between syncs', async () => {
    const stage = await openCompany({ storage: 'memory' });
    const first = await stage.engine().preview();
    const second = await stage.engine().preview();
    expect(second.commands).toEqual(first.commands);
    await stage.sync();
    expect((await stage.engine().preview()).commands).toEqual([]);
    expect((await stage.sync()).events).toEqual({});
  });

  it('that fails says why like a sync, and has written nothing', async () => {
    const stage = await openStage({ graph: calm, patienceMs: 250 });
    stage.crew(2);
    await stage.sync();
    const silent = stage.simulator.faults.add({ system: 'graph', action: 'reset' });
    const { preview } = await previewed(stage);
    expect(preview.report).toMatchObject({ ok: false, exitCode: 1, error: { code: 'graph-unreachable' } });
    silent.remove();
    expect((await stage.sync()).events).toEqual({});
  });
});

describe('a preview before there is any log', () => {
  it('makes no file', async () => {
    const simulator = await startSimulator({ seed: 1, graph: calm, company: { people: 8, photos: 0 } });
    const folder = await mkdtemp(join(tmpdir(), 'directory-sync-'));
    const path = join(folder, 'log.db');
    const stores = await openSqliteStores({
      logPath: path,
      keysPath: `${path}.keys`,
      localPath: `${path}.local`,
      readOnly: true,
    });
    const engine = connect(simulator, { stores });
    onTestFinished(async () => {
      await engine.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { report, commands } = await engine.preview();
    expect(report).toMatchObject({ ok: true, exitCode: 0 });
    expect(commands.filter(({ kind }) => kind === 'CreateUser' || kind === 'LinkUser')).toHaveLength(8);
    expect(simulator.learnAmp.writes()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
