import { join } from 'node:path';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../support/connect.js';
import { calm, expectReplayEqualsLive, openStage, type Stage } from '../../support/stage.js';

/** Another process over the same files, as the command line is. */
const openAnother = async (stage: Stage) => {
  const logPath = join(stage.folder, 'log.db');
  const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
  const other = connect(stage.simulator, { stores });
  onTestFinished(() => other.close());
  return other;
};

it('FC-83: a rebuild beside a running engine sends nothing, stops nobody, and the engine goes on over the new rows', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(8, { department: 'Sales' });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 8 } });
  const other = await openAnother(stage);

  stage.newWrites();
  let during: Promise<unknown> | undefined;
  const report = await other.rebuild({
    onProgress: () => {
      // Somebody is hired while the rows are being built, and the engine does not wait for that.
      if (during !== undefined) return;
      stage.hire('Lea Late');
      during = stage.sync();
    },
  });
  expect(await during).toMatchObject({ exitCode: 0, people: { inScope: 9, linked: 9 } });
  expect(report).toMatchObject({ replaced: 'all' });
  // Whatever was written was written by the engine, for the one who was hired.
  const lea = stage.learnAmp.accounts().filter(({ email }) => email === 'lea.late@fabrikam.example');
  expect(lea).toHaveLength(1);

  stage.newWrites();
  expect(await other.rebuild()).toMatchObject({ replaced: 'all', stateDigest: await stage.engine().stateDigest() });
  expect(stage.newWrites()).toEqual([]);
  stage.hire('Nia Next');
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { inScope: 10, linked: 10 } });
  expect(await stage.sync()).toMatchObject({ exitCode: 0, events: {} });
  expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
  await expectReplayEqualsLive(stage.engine());
});

it('FC-83: a rebuild that is stopped leaves the old rows, goes on from there, and takes over once', async () => {
  const stage = await openStage({ graph: calm });
  stage.crew(5);
  await stage.sync();
  const digest = await stage.engine().stateDigest();
  const stopping = new AbortController();
  const stopped = stage.engine().rebuild({ signal: stopping.signal, onProgress: () => stopping.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'stopped' });
  expect(await stage.engine().stateDigest()).toBe(digest);
  const states = async () => new Set((await stage.engine().projections()).map(({ state }) => state));
  expect(await states()).toEqual(new Set(['active', 'booting']));
  const { stateDigest, resumedFrom } = await stage.engine().rebuild();
  expect(stateDigest).toBe(digest);
  expect(Number(resumedFrom)).toBeGreaterThan(0);
  expect(await states()).toEqual(new Set(['active']));
});
