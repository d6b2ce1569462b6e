import { describe, expect, it } from 'vitest';
import { connectionTo, during, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVIL = 'evil.example:8443';

const leadTo = (path: string) => ({
  rewrite: <A extends { readonly body?: unknown }>(response: A): A => ({
    ...response,
    body: { value: [], '@odata.nextLink': `https://user:pass@${EVIL}${path}?$skiptoken=private` },
  }),
});

describe('FC-29 a Graph whose answers lead elsewhere', () => {
  it('is told of once a day, with a count; status names the host and when, and the rest goes on when it is over', async () => {
    const time = makeVirtualTime();
    const company = await openCompany(time);
    hire(company, 'Ann Lee');
    const { engine, alerts, cycles } = await openRunning([company], { time });
    const sync = await during(time, engine.add(connectionTo(company, { schedule: { pollSeconds: 7_200 } })));
    engine.start();
    await time.until(() => cycles.some(({ ok }) => ok), HOUR);
    const fault = company.faults.add({ system: 'graph', path: /\/users\/delta/, action: leadTo('/v1.0/users/delta') });
    await time.pass(5 * HOUR);
    const unsafe = () => alerts.filter(({ kind }) => kind === 'unsafe-link');
    expect(unsafe()).toEqual([{ kind: 'unsafe-link', connectionId: 'fabrikam', counts: { refused: 1 } }]);
    const { refusedLinks, live } = await sync.status();
    expect(refusedLinks).toMatchObject({ host: EVIL });
    expect(refusedLinks!.count).toBe(cycles.filter(({ error }) => error?.code === 'unsafe-link').length);
    expect(time.now().getTime() - Date.parse(refusedLinks!.lastAt)).toBeLessThan(5 * HOUR);
    expect(live.lastError?.message).toContain(EVIL);
    await time.pass(DAY);
    expect(unsafe()).toHaveLength(2);
    fault.remove();
    const before = (await sync.status()).refusedLinks;
    await time.pass(5 * HOUR);
    expect(unsafe()).toHaveLength(2);
    expect((await sync.status()).refusedLinks).toEqual(before);
    expect(cycles.at(-1)).toMatchObject({ ok: true });
    expect(JSON.stringify([alerts, cycles, before])).not.toMatch(/private|pass/);
  });

  it('is counted where it was in the list of the subscriptions, too', async () => {
    const time = makeVirtualTime();
    const company = await openCompany(time);
    const { engine } = await openRunning([company], { time, notified: true });
    const leads = {
      system: 'graph',
      path: /\/subscriptions$/,
      method: 'GET',
      action: leadTo('/v1.0/subscriptions'),
    } as const;
    const fault = company.faults.add(leads);
    const sync = await during(time, engine.add(connectionTo(company)));
    engine.start();
    await time.until(() => fault.hits() > 0, HOUR);
    await time.pass(HOUR);
    expect((await sync.status()).refusedLinks).toMatchObject({ host: EVIL });
    expect((await sync.status()).live.webhook.problem).not.toBeNull();
  });
});
