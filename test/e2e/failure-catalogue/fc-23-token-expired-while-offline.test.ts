import type { Expiry } from '@learnamp/directory-sync-simulator';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { facts, none, succeeded } from '../../support/report.js';
import { calm, openStage } from '../../support/stage.js';

const expiries: ReadonlyArray<Expiry> = [
  'syncStateNotFound',
  'SyncStateNotFound',
  'gone',
  'gone-empty',
  'resyncRequired',
];

it.each(expiries)(
  'FC-23 expired tokens over an unchanged company cost a full read and no command (%s)',
  async (expiry) => {
    const stage = await openStage({ graph: calm, storage: 'memory' });
    stage.crew(10, { department: 'Sales', jobTitle: 'Engineer' });
    await stage.sync();
    const { cursors } = await stage.engine().status();
    stage.newWrites();
    stage.simulator.expireDeltaTokens(expiry);
    const report = await stage.sync();
    expect(report).toMatchObject({ exitCode: 0, commands: none, people: { inScope: 10, linked: 10 } });
    expect(facts(report)).toEqual({ ResyncRequired: cursors.length });
    expect(stage.newWrites()).toEqual([]);
    expect((await stage.sync()).events).toEqual({});
  },
);

it('FC-23 after nine days offline exactly the differences are found, removals by their absence', async () => {
  const stage = await openStage({ graph: calm });
  const { directory } = stage;
  const crew = stage.crew(12, { jobTitle: 'Engineer' });
  const [left = '', gone = '', changed = '', boss = ''] = crew;
  await stage.sync();
  const { cursors } = await stage.engine().status();
  stage.newWrites();
  stage.simulator.advanceClock(9 * 86_400_000);
  stage.leave(left);
  directory.purgeUser(gone);
  directory.updateUser(changed, { jobTitle: 'Architect' });
  directory.setManager(changed, boss);
  const fresh = stage.hire('Ann Lee');
  await stage.reopen();
  const report = await stage.sync();
  expect(report).toMatchObject({ exitCode: 0, people: { inScope: 11, linked: 11 } });
  expect(facts(report)).toMatchObject({
    ResyncRequired: cursors.length,
    UserLeftGroup: 2,
    LeaveConfirmed: 2,
    UserJoinedGroup: 1,
    JobTitleChanged: 1,
    ManagerAssigned: 1,
  });
  expect(succeeded(report)).toEqual({ CreateUser: 1, UpdateProfile: 1, SetOverrideManager: 1, DeactivateUser: 2 });
  for (const id of [left, gone]) expect(stage.learnAmp.accountByExternalId(id)?.status).toBe('deactivated');
  expect(stage.account(fresh).status).toBe('not_invited');
  expect((await stage.sync()).events).toEqual({});
});

it('FC-23 absences found by a resync count towards the hold', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(12);
  await stage.sync();
  stage.simulator.expireDeltaTokens();
  for (const id of crew.slice(0, 6)) stage.leave(id);
  const report = await stage.sync();
  expect(report).toMatchObject({ ok: true, exitCode: 3, people: { inScope: 6, held: 6 } });
  expect(stage.learnAmp.deactivations()).toEqual([]);
});

it('FC-23 a full read that breaks off decides nothing, and the next one starts from the beginning', async () => {
  const stage = await openStage({
    graph: { ...calm, sliceSize: { min: 2, max: 2 }, pageSize: { min: 1, max: 1 } },
    patienceMs: 250,
  });
  const crew = stage.crew(12);
  await stage.sync();
  stage.simulator.expireDeltaTokens();
  stage.leave(crew[11] ?? '');
  const reset = stage.simulator.faults.add({ system: 'graph', path: /\/groups\/.*delta/, from: 5, action: 'reset' });
  const broken = await stage.sync();
  expect(reset.hits()).toBeGreaterThan(0);
  expect(broken).toMatchObject({ exitCode: 1, people: { inScope: 12 } });
  expect(broken.events).not.toHaveProperty('GroupMemberRemoved');
  reset.remove();
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11 } });
  expect(stage.learnAmp.deactivations()).toHaveLength(1);
});

it('FC-23 quiet days cost no full read: the link in the log is a day old at most, also where the newer one was lost', async () => {
  let at = Date.now();
  const stage = await openStage({ graph: calm, now: () => new Date(at) });
  const [ann = ''] = stage.crew(6);
  await stage.sync();
  for (let day = 0; day < 9; day += 1) {
    at += 90_000_000;
    stage.simulator.advanceClock(90_000_000);
    expect(await stage.sync()).toMatchObject({ exitCode: 0, commands: none });
  }
  stage.directory.updateUser(ann, { jobTitle: 'Writer' });
  await stage.close();
  for (const name of ['', '-wal', '-shm']) await rm(join(stage.folder, `log.db.local${name}`), { force: true });
  await stage.reopen();
  expect(facts(await stage.sync())).toEqual({ JobTitleChanged: 1, CommandSucceeded: 1 });
  expect(await stage.events('ResyncRequired')).toEqual([]);
});
