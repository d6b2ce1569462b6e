import { expect, it } from 'vitest';
import { openInStep } from '../../support/in-step.js';
import { during, eventsOf, stopped } from '../../support/running-engine.js';
import { idOf } from '../../support/simulator-settings.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const inStep = async () => {
  const { crew, company, ...running } = await openInStep(['Ann Lee', 'Ben Poe']);
  const [ann = '', ben = ''] = crew;
  const nameOf = (userId: string): string | undefined =>
    company.learnAmp.accountByExternalId(userId)?.firstName ?? undefined;
  for (const id of crew) company.directory.updateUser(id, { givenName: 'Other' });
  return { ...running, company, ann, ben, nameOf };
};

it('one person asked for in another process is synced by the running engine, which tells what it did', async () => {
  const { time, ann, ben, another, connection, cycles, nameOf } = await inStep();
  const other = another();
  const asked = other.syncUser(idOf(ann), { by: { actor: 'ben' } });
  // It looks for its answer in real time, so the clock stays where the answer is given.
  await expect.poll(() => eventsOf(other, 'SyncRequested')).toHaveLength(1);
  await time.pass(3 * SECOND);
  const synced = await asked;
  expect(synced).toMatchObject({ outcome: 'synced', report: { ok: true } });
  expect(synced.commands).toMatchObject([{ kind: 'UpdateProfile', receipt: { outcome: 'succeeded' } }]);
  expect(synced.steps.map(({ step }) => step)).toEqual(['scope-group', 'membership', 'user', 'account']);
  expect([nameOf(ann), nameOf(ben)]).toEqual(['Other', 'Ben']);
  expect(cycles).toHaveLength(1);
  expect(await eventsOf(connection, 'EngineStarted')).toHaveLength(1);
  expect((await eventsOf(connection, 'SyncRequested')).map(({ data }) => data)).toEqual([
    { actor: 'ben', userId: ann },
  ]);
});

it('one person asked for in the process of the engine waits for its turn, and the schedule stays as it is', async () => {
  const { time, ann, ben, connection, cycles, nameOf } = await inStep();
  const [before, synced] = [
    await connection.status(),
    await during(time, connection.syncUser(idOf(ann), { by: { actor: 'ben' } })),
  ];
  expect(synced).toMatchObject({ outcome: 'synced' });
  expect([nameOf(ann), nameOf(ben)]).toEqual(['Other', 'Ben']);
  expect((await connection.status()).live.nextSyncAt).toBe(before.live.nextSyncAt);
  await time.until(() => cycles.length === 2, 10 * MINUTE);
  expect(nameOf(ben)).toBe('Other');
});

it('once the engine has stopped, the other process does it by itself', async () => {
  const { time, ann, another, engine, nameOf } = await inStep();
  await stopped(time, engine);
  expect(await another().syncUser(idOf(ann))).toMatchObject({ outcome: 'synced', report: { ok: true } });
  expect(nameOf(ann)).toBe('Other');
});
