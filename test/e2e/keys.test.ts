import { join } from 'node:path';
import { type DirectorySync, localMasterKey, type MasterKey } from '@learnamp/directory-sync';
import { openSqliteKeyStore, openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../support/connect.js';
import { none } from '../support/report.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../support/stage.js';

const pathOf = ({ folder }: Stage): string => join(folder, 'log.db');

const rotate = async (stage: Stage): Promise<void> => {
  const keys = await openSqliteKeyStore({ path: `${pathOf(stage)}.keys` });
  expect(await keys.rotate()()).toMatchObject({ _tag: 'Right' });
  await keys.close();
};

it('after the keys were rotated the whole history is read, nothing is sent, and what is new gets new keys', async () => {
  const stage = await openStage({ graph: calm });
  const [ann = ''] = stage.crew(5, { department: 'Sales' });
  await stage.sync();
  const before = await stage.events();
  await rotate(stage);
  expect((await stage.sync({ full: true })).commands).toEqual(none);
  stage.directory.updateUser(ann, { jobTitle: 'Writer' });
  await stage.sync();
  await stage.engine().rebuild();
  expect((await stage.sync({ full: true })).commands).toEqual(none);
  expect((await stage.events()).slice(0, before.length)).toEqual(before);
  const keyOf = (type: string, events: typeof before) =>
    events
      .filter((event) => event.type === type && JSON.stringify(event.data).includes(ann))
      .map(({ metadata }) => (metadata as { keyId?: string }).keyId);
  const events = await stage.events();
  expect(keyOf('JobTitleChanged', events)[0]).not.toBe(keyOf('UserJoinedGroup', events)[0]);
  await expectReplayEqualsLive(stage.engine());
});

it('a command whose answer was lost is looked up after the keys were rotated, and not sent again', async () => {
  const stage = await openStage({ graph: calm, patienceMs: 250, preferences: { invitations: 'immediate' } });
  stage.crew(2);
  await stage.sync();
  const lost = stage.simulator.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/v1\/users$/,
    action: 'applyThenReset',
  });
  stage.hire('Ann Lee');
  await stage.sync();
  expect(lost.hits()).toBeGreaterThan(0);
  lost.remove();
  await stage.close();
  await rotate(stage);
  await stage.reopen();
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 3 } });
  expect(stage.learnAmp.accounts().filter(({ email }) => email === 'ann.lee@fabrikam.example')).toHaveLength(1);
  expect(stage.learnAmp.invitations()).toHaveLength(3);
  await expectReplayEqualsLive(stage.engine());
});

it('under a master key the engine syncs, erases and goes on; without it nothing is opened', async () => {
  const stage = await openStage({ graph: calm });
  await stage.close();
  const logPath = pathOf(stage);
  const open = async (masterKey?: MasterKey): Promise<DirectorySync> => {
    const paths = {
      logPath: `${logPath}.wrapped`,
      keysPath: `${logPath}.wrapped.keys`,
      localPath: `${logPath}.wrapped.local`,
    };
    const engine = connect(stage.simulator, { stores: await openSqliteStores({ ...paths, masterKey }) });
    onTestFinished(() => engine.close());
    return engine;
  };
  const master = localMasterKey(new Uint8Array(32).fill(3));
  const crew = stage.crew(8);
  const engine = await open(master);
  expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { linked: 8 } });
  stage.leave(crew[0] ?? '');
  await engine.sync();
  await engine.close();
  await expect(open()).rejects.toMatchObject({ reason: 'mismatch' });
  const again = await open(master);
  expect(await again.erase(crew[0] as never, { actor: 'a', reason: 'b' })).toMatchObject({ outcome: 'erased' });
  expect(await again.sync({ full: true })).toMatchObject({ exitCode: 0 });
  await expectReplayEqualsLive(again);
});
