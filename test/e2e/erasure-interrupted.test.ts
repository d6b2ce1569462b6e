import { join } from 'node:path';
import type { DirectorySync, Stores } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canariesIn } from '../support/canaries.js';
import { connect } from '../support/connect.js';
import { canaries, openCanaryLeaver } from '../support/person-canary.js';
import { expectReplayEqualsLive, type Stage } from '../support/stage.js';

const by = { actor: 'Data protection', reason: 'article 17' };

type Change = (stores: Stores) => Partial<Stores>;

const nothing: Change = () => ({});
const unreachableKeys: Change = ({ keys }) => ({
  keys: { ...keys, destroy: () => TE.left({ _tag: 'KeyStoreUnavailable', cause: 'unplugged' }) },
});
/** Resolves as if the process died before the step. */
const died = () => Promise.reject(new Error('died here'));

/** One who left, and the files that the engine leaves behind. */
const openLeaver = async () => {
  const { stage, xq } = await openCanaryLeaver();
  await stage.close();
  const logPath = join(stage.folder, 'log.db');
  const engineOver = async (change: Change): Promise<DirectorySync> => {
    const stores = await openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
    const engine = connect(stage.simulator, { stores: { ...stores, ...change(stores) } });
    onTestFinished(() => engine.close());
    return engine;
  };
  return { stage, xq, engineOver };
};

const expectErased = async ({ stage, engine }: { stage: Stage; engine: DirectorySync }): Promise<void> => {
  await expectReplayEqualsLive(engine);
  expect(canariesIn(stage.folder, canaries)).toEqual([]);
  const names: unknown[] = [];
  for await (const event of engine.events()) names.push(event);
  expect(canaries.filter((canary) => JSON.stringify(names).includes(canary))).toEqual([]);
};

describe('an erasure that was interrupted is finished by the next start', () => {
  it.each<[string, Change]>([
    ['before the keys were destroyed', unreachableKeys],
    ['while they were', ({ keys }) => ({ keys: { ...keys, ofOwners: () => died } })],
    [
      'before rows of other folds were dropped',
      ({ projections }) => ({ projections: { ...projections, discard: died } }),
    ],
    ['while they were dropped', ({ projections }) => ({ projections: { ...projections, sweep: died } })],
    ['before the local database was scrubbed', ({ cache }) => ({ cache: { ...cache, scrub: died } })],
  ])('%s', async (_, change) => {
    const { stage, xq, engineOver } = await openLeaver();
    const first = await engineOver(change);
    await expect(first.erase(xq, by)).rejects.toMatchObject({ code: 'log-unavailable' });
    await first.close();
    const engine = await engineOver(nothing);
    // Whatever opens the log for writing finishes it.
    await engine.stateDigest();
    await expectErased({ stage, engine });
    expect(await engine.erase(xq, by)).toMatchObject({ outcome: 'already-erased' });
  });

  it('when the event stands in the log and nobody heard of it', async () => {
    const { stage, xq, engineOver } = await openLeaver();
    const first = await engineOver(({ log }) => ({
      log: {
        ...log,
        append:
          (...call) =>
          async () => {
            await log.append(...call)();
            return { _tag: 'Left', left: { _tag: 'LogUnavailable', cause: 'the answer was lost' } };
          },
      },
    }));
    await expect(first.erase(xq, by)).rejects.toMatchObject({ code: 'log-unavailable' });
    await first.close();
    const engine = await engineOver(nothing);
    await engine.stateDigest();
    await expectErased({ stage, engine });
  });

  it('by the next cycle, where the engine goes on', async () => {
    const { stage, xq, engineOver } = await openLeaver();
    let plugged = false;
    const engine = await engineOver((stores) => {
      const { destroy } = stores.keys;
      const unplugged = unreachableKeys(stores).keys?.destroy ?? destroy;
      return { keys: { ...stores.keys, destroy: (...call) => (plugged ? destroy(...call) : unplugged(...call)) } };
    });
    await expect(engine.erase(xq, by)).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    plugged = true;
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    await expectErased({ stage, engine });
  });
});

describe('somebody who is hired again before the erasure is finished', () => {
  it('and before the old key was destroyed is read anew, and keeps the one account', async () => {
    const { stage, xq, engineOver } = await openLeaver();
    const first = await engineOver(unreachableKeys);
    await expect(first.erase(xq, by)).rejects.toMatchObject({ code: 'log-unavailable' });
    stage.directory.addMember(stage.directory.scopeGroupId, xq);
    expect(await first.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11 } });
    await first.close();
    const engine = await engineOver(nothing);
    expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11, linked: 11 } });
    expect(await engine.sync()).toMatchObject({ events: {} });
    expect(stage.account(xq)).toMatchObject({ firstName: 'Xantippa', status: 'not_invited' });
    expect(stage.learnAmp.accounts().filter(({ email }) => email.startsWith('xantippa'))).toHaveLength(1);
    // Known anew, so what changes reaches the account, and so does leaving.
    stage.directory.updateUser(xq, { jobTitle: 'Quartermaster' });
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    expect(stage.account(xq)).toMatchObject({ jobTitle: 'Quartermaster' });
    stage.leave(xq);
    expect(await engine.sync()).toMatchObject({ exitCode: 0 });
    expect(stage.account(xq)).toMatchObject({ status: 'deactivated' });
    await expectReplayEqualsLive(engine);
    expect(await engine.rebuild({ verify: true })).toMatchObject({ differences: 0 });
  });

  it('but after it was, keeps what was recorded since', async () => {
    const { stage, xq, engineOver } = await openLeaver();
    const first = await engineOver(({ cache }) => ({ cache: { ...cache, scrub: died } }));
    await expect(first.erase(xq, by)).rejects.toMatchObject({ code: 'log-unavailable' });
    stage.directory.addMember(stage.directory.scopeGroupId, xq);
    expect(await first.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11 } });
    await first.close();
    const engine = await engineOver(nothing);
    expect(await engine.sync()).toMatchObject({ exitCode: 0, people: { inScope: 11 }, events: {} });
    const joined: unknown[] = [];
    for await (const event of engine.events({ types: ['UserJoinedGroup'], userIds: [xq] })) joined.push(event.erased);
    expect(joined).toEqual([true, undefined]);
    await expectReplayEqualsLive(engine);
  });
});
