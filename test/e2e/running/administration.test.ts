import { expect, it } from 'vitest';
import { openInStep } from '../../support/in-step.js';
import { connectionTo, during, eventsOf, openCompany, openRunning, stopped } from '../../support/running-engine.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const by = { actor: 'ann', reason: 'a test' };

const inStep = async () => {
  const { crew, ...running } = await openInStep(['Ann Lee']);
  return { ...running, ann: crew[0] ?? '' };
};

it('a paused connection is not polled; resumed, it is due at once', async () => {
  const { time, company, ann, connection, cycles } = await inStep();
  await during(time, connection.pause(by));
  await during(time, connection.pause(by));
  company.directory.updateUser(ann, { givenName: 'Anna' });
  const requests = company.requests.counts().graph;
  await time.pass(60 * MINUTE);
  expect(cycles).toHaveLength(1);
  expect(company.requests.counts().graph).toBe(requests);
  expect(await connection.status()).toMatchObject({ paused: true, live: { running: true, nextSyncAt: null } });
  const refused = await during(time, connection.sync({ actor: 'ben' }));
  expect(refused).toMatchObject({ ok: false, exitCode: 1, error: { code: 'stopped' } });
  await during(time, connection.resume(by));
  await time.pass(SECOND);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  expect((await eventsOf(connection, 'ConnectionPaused', 'ConnectionResumed')).map(({ type }) => type)).toEqual([
    'ConnectionPaused',
    'ConnectionResumed',
  ]);
});

it('a pause that another process records is obeyed within seconds, and so is its end', async () => {
  const { time, company, ann, another, cycles } = await inStep();
  await another().pause(by);
  await time.pass(3 * SECOND);
  company.directory.updateUser(ann, { givenName: 'Anna' });
  await time.pass(20 * MINUTE);
  expect(cycles).toHaveLength(1);
  await another().resume(by);
  await time.pass(3 * SECOND);
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
});

it('a sync in another process is taken up by the running engine, and gets its report', async () => {
  const { time, company, ann, another, cycles, connection } = await inStep();
  company.directory.updateUser(ann, { givenName: 'Anna' });
  const other = another();
  const asked = other.sync({ actor: 'ben' });
  // It looks for its answer in real time, so the clock stays where the answer is given.
  await expect.poll(() => eventsOf(other, 'SyncRequested')).toHaveLength(1);
  await time.pass(3 * SECOND);
  const report = await asked;
  expect(cycles).toContainEqual(report);
  expect(report).toMatchObject({ ok: true, trigger: 'manual' });
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Anna' });
  const epochs = await eventsOf(connection, 'EngineStarted');
  expect(epochs).toHaveLength(1);
  expect((await eventsOf(connection, 'SyncRequested')).map(({ data }) => data)).toEqual([{ actor: 'ben' }]);
});

it('once the engine has stopped, a sync in another process is that process’s own', async () => {
  const { time, another, engine, connection, cycles } = await inStep();
  await stopped(time, engine);
  const other = another();
  expect(await other.status()).toMatchObject({ live: { running: false } });
  const report = await other.sync({ actor: 'ben', full: true });
  expect(report.ok).toBe(true);
  expect(cycles).toHaveLength(1);
  expect(connection).toBeDefined();
});

it('an engine that another one took over from ends its cycle, waits one interval, and takes over again', async () => {
  const { time, company, ann, cycles, stores, engine } = await inStep();
  const second = await openRunning([company], { time, stores });
  const taken = await second.engine.add(connectionTo(company));
  company.directory.updateUser(ann, { givenName: 'Anna' });
  await during(time, taken.sync());
  const before = cycles.length;
  await time.until(() => cycles.length > before, 10 * MINUTE);
  expect(cycles.at(-1)).toMatchObject({ ok: false, error: { code: 'fenced' } });
  const fencedAt = time.now().getTime();
  company.directory.updateUser(ann, { givenName: 'Annabel' });
  await time.until(() => cycles.length > before + 1, 10 * MINUTE);
  expect(time.now().getTime() - fencedAt).toBeGreaterThanOrEqual(269 * SECOND);
  expect(cycles.at(-1)).toMatchObject({ ok: true });
  expect(company.learnAmp.accountByExternalId(ann)).toMatchObject({ firstName: 'Annabel' });
  const connection = engine.connection('fabrikam');
  const epochs = (await eventsOf(connection, 'EngineStarted')).map(({ data }) => (data as { epoch: number }).epoch);
  expect(epochs).toEqual([1, 2, 3]);
});

it('a log of another tenant is refused when it is added', async () => {
  const { time, stores } = await inStep();
  const stranger = await openCompany(time, 2);
  const { engine } = await openRunning([stranger], { time, stores });
  await expect(engine.add(connectionTo(stranger))).rejects.toMatchObject({ code: 'wrong-tenant' });
  expect(await engine.status()).toEqual([]);
});
