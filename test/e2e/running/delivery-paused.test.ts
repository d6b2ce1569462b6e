import { describe, expect, it } from 'vitest';
import { connectionTo, during, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { learnAmpSettingsOf } from '../../support/simulator-settings.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;

const openDown = async (status: number) => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  for (let n = 0; n < 6; n += 1) hire(company, `Crew Member${n}`);
  const running = await openRunning([company], { time });
  const learnAmp = learnAmpSettingsOf(company, 'integrationExternalId', 5_000);
  const sync = await during(time, running.engine.add(connectionTo(company, { learnAmp })));
  running.engine.start();
  await time.until(() => company.learnAmp.accounts().length === 8, HOUR);
  await time.pass(HOUR / 4);
  const down = company.faults.add({ system: 'learnAmp', action: { status, body: {} } });
  return { time, company, sync, alerts: running.alerts, down };
};

describe('a connection whose Learn Amp gives no answer again and again', () => {
  it('stops delivering, says so once, goes on to read the directory at its pace, and delivers again by itself', async () => {
    const { time, company, sync, alerts, down } = await openDown(500);
    hire(company, 'Ann Lee');
    await time.pass(2 * HOUR);
    const status = await sync.status();
    expect(status.delivery).toMatchObject({ reason: 'learn-amp-unreachable' });
    expect(alerts.map(({ kind }) => kind)).toEqual(['delivery-paused']);
    const before = company.requests.count({ system: 'learnAmp' });
    const graph = company.requests.count({ system: 'graph' });
    hire(company, 'Ben Ode');
    await time.pass(2 * HOUR);
    const joined = (await eventsOf(sync)).filter(({ type }) => type === 'UserJoinedGroup');
    expect(joined).toHaveLength(8);
    // Ingestion goes on with every poll; one request asks whether Learn Amp is there, a quarter of an hour apart.
    expect(company.requests.count({ system: 'graph' }) - graph).toBeGreaterThan(20);
    expect(company.requests.count({ system: 'learnAmp' }) - before).toBeLessThan(60);
    const types = (await eventsOf(sync)).map(({ type }) => type);
    expect(types.filter((type) => type === 'DeliveryPaused')).toHaveLength(1);

    down.remove();
    await time.pass(HOUR);
    expect((await sync.status()).delivery).toBeNull();
    expect(company.learnAmp.accounts()).toHaveLength(10);
    expect((await eventsOf(sync)).filter(({ type }) => type === 'DeliveryResumed')).toHaveLength(1);
  });
});

describe('a connection whose delivery is paused', () => {
  it.each([{ full: false }, { full: true }])(
    'asks Learn Amp at once when somebody asks for a sync (%o)',
    async (options) => {
      const { time, company, sync, down } = await openDown(500);
      hire(company, 'Ann Lee');
      await time.pass(2 * HOUR);
      expect((await sync.status()).delivery).not.toBeNull();
      down.remove();
      expect(await during(time, sync.sync(options))).toMatchObject({ ok: true });
      expect((await sync.status()).delivery).toBeNull();
      expect(company.learnAmp.accounts()).toHaveLength(9);
    },
  );
});

describe('a connection whose credentials Learn Amp refuses', () => {
  it('stops delivering at once, and goes on by itself once they are taken again', async () => {
    const { time, company, sync, alerts, down } = await openDown(401);
    hire(company, 'Ann Lee');
    await time.pass(HOUR / 4);
    expect((await sync.status()).delivery).toMatchObject({ reason: 'learn-amp-credentials' });
    expect(alerts.map(({ kind }) => kind)).toEqual(['credentials']);
    down.remove();
    await time.pass(HOUR);
    expect((await sync.status()).delivery).toBeNull();
    expect(company.learnAmp.accounts()).toHaveLength(9);
  });
});
