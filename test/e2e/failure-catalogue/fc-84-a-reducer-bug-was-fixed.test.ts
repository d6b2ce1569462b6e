import { join } from 'node:path';
import { defaultPreferences } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { directoryEvents, type DirectoryEvent, type ObjectId } from '@learnamp/directory-sync-domain';
import { defineEvents, openEventStream } from '@learnamp/directory-sync-event-sourcing';
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { readStream } from '../../../packages/engine/src/record/read-stream.js';
import { compareFolds, presentEvolvers } from '../../../packages/engine/src/rebuild/compare-folds.js';
import { foldVersion } from '../../../packages/engine/src/state/tables.js';
import { calm, openStage, type Stage } from '../../support/stage.js';

const openStores = (stage: Stage) => {
  const logPath = join(stage.folder, 'log.db');
  return openSqliteStores({ logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` });
};

const streamOf = ({ log, keys }: Awaited<ReturnType<typeof openStores>>) =>
  openEventStream<DirectoryEvent>({
    log,
    keys,
    registry: defineEvents(directoryEvents),
    name: 'directorySync-fabrikam',
    owner: 'connection:fabrikam',
    now: () => new Date('2026-11-01T00:00:00.000Z'),
    newId: () => crypto.randomUUID(),
  });

/** The reducer as it was: whoever left the group stayed in scope. */
const faulty: typeof presentEvolvers = {
  ...presentEvolvers,
  person: (state, event, key) =>
    event.type === 'UserLeftGroup' || event.type === 'LeaveConfirmed'
      ? state
      : presentEvolvers.person(state, event, key),
};

/** People left, which is recorded and confirmed; and the rows are those that the faulty reducer made of it. */
const leaveUnderFaultyCode = async (stage: Stage, leavers: ReadonlyArray<ObjectId>): Promise<bigint> => {
  const groupId = stage.directory.scopeGroupId as ObjectId;
  for (const userId of leavers) stage.leave(userId);
  const stores = await openStores(stage);
  const rows = await stores.projections.rows({ name: 'directorySync-fabrikam', version: foldVersion });
  const from = rows.checkpoint();
  const events = leavers.flatMap((userId): ReadonlyArray<DirectoryEvent> => [
    { type: 'GroupMemberRemoved', data: { groupId, memberId: userId, kind: 'user' } },
    { type: 'UserLeftGroup', data: { userId, reason: 'removed' } },
    { type: 'LeaveConfirmed', data: { userId, by: 'checkMemberGroups' } },
  ]);
  const appended = await streamOf(stores).append('any', events, { correlationId: 'x', causationId: 'x' })();
  if (E.isLeft(appended)) throw new Error(appended.left._tag);
  const { head } = appended.right;
  const counts = rows.get('connection', 'counts') as Readonly<Record<string, number>>;
  const changes = [
    { table: 'connection', key: 'counts', value: { ...counts, events: Number(head.revision) + 1 }, entries: {} },
    ...leavers.map((userId) => ({
      table: 'memberships',
      key: `${groupId}/${userId}`,
      value: undefined,
      entries: {},
    })),
  ];
  expect(rows.commit(changes, from, head)).toBe('committed');
  for (const store of [stores.log, stores.keys, stores.projections, stores.cache, stores.inbox]) await store.close();
  return (from?.revision ?? 0n) + 2n;
};

it('FC-84: a fixed reducer tells for whom the desired state differs, and the correcting plan is held beyond the rule', async () => {
  const stage = await openStage({ graph: calm });
  const crew = stage.crew(20, { department: 'Sales' }) as ReadonlyArray<ObjectId>;
  expect(await stage.sync()).toMatchObject({ exitCode: 0, people: { linked: 20 } });
  const leavers = crew.slice(0, 6).toSorted();
  await stage.close();
  const firstWrong = await leaveUnderFaultyCode(stage, leavers);
  await stage.reopen();
  const { head } = await stage.engine().status();

  // The old code let them stay.
  expect(await stage.engine().sync()).toMatchObject({ ok: true, people: { inScope: 20 } });
  expect(stage.learnAmp.deactivations()).toEqual([]);

  const report = await stage.engine().rebuild({ verify: true });
  const people = report.first?.filter(({ projection }) => projection === 'directory-people') ?? [];
  expect(people.map(({ key }) => key)).toEqual(leavers);
  for (const { paths } of people) expect(paths).toEqual(expect.arrayContaining(['inScope', 'leave']));

  const stores = await openStores(stage);
  const compared = await compareFolds(readStream(streamOf(stores), 0n), [faulty, presentEvolvers], defaultPreferences);
  for (const store of [stores.log, stores.keys, stores.projections, stores.cache, stores.inbox]) await store.close();
  expect(compared.people).toEqual(leavers);
  expect(compared.first).toMatchObject({
    revision: firstWrong.toString(),
    type: 'UserLeftGroup',
    projection: 'directory-people',
    key: leavers[0],
    paths: ['inScope', 'factRevision', 'leave'],
  });

  await stage.engine().rebuild();
  // History is what it was.
  expect((await stage.engine().status()).head).toEqual(head);
  const corrected = await stage.engine().sync();
  expect(corrected).toMatchObject({ exitCode: 3, people: { inScope: 14, held: 6 } });
  expect(stage.learnAmp.deactivations()).toEqual([]);
  expect((await stage.engine().rebuild({ verify: true })).differences).toBe(0);
});
