import type { ConnectionOptions } from '@learnamp/directory-sync';
import { expect, it } from 'vitest';
import { makeCertificate } from '../../support/made-certificate.js';
import { connectionTo, lastingStores, openCompany, openRunning, stopped } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

it('the end of the Graph credential is told to the host as its thresholds pass, not again for a restart, and the status shows it', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const stores = lastingStores();
  const wiring = connectionTo(company, { schedule: { pollSeconds: 43_200 } });
  const expiresAt = new Date(time.now().getTime() + DAY + HOUR);
  const { auth } = wiring.graph;
  if (auth.kind !== 'client-secret') throw new Error('the stage signs in by a secret');
  const expiring = { ...wiring, graph: { ...wiring.graph, auth: { ...auth, expiresAt } } };
  const first = await openRunning([company], { time, stores });
  const connection = await first.engine.add(expiring);
  first.engine.start();
  await time.pass(3 * HOUR);
  // The nearest that was passed at the first look, then the next one.
  expect(first.alerts.map(({ kind, counts }) => [kind, counts['daysLeft']])).toEqual([
    ['credentials', 1],
    ['credentials', 1],
  ]);
  expect(await connection.status()).toMatchObject({ credentialExpiresAt: expiresAt.toISOString() });
  await stopped(time, first.engine);
  const second = await openRunning([company], { time, stores });
  await second.engine.add(expiring);
  second.engine.start();
  await time.pass(3 * HOUR);
  expect(second.alerts).toEqual([]);
});

type Auth = ConnectionOptions['graph']['auth'];

it.each([
  ['client-secret', 29.5, 29],
  ['client-secret', 6.5, 6],
  ['client-secret', 0.5, 0],
  ['certificate', 29.5, 29],
  ['certificate', 6.5, 6],
  ['certificate', 0.5, 0],
] as const)('a %s that ends in %d days is told of once, with %d days left', async (kind, days, daysLeft) => {
  // MSAL signs by the clock of the machine, for ten minutes: both engines begin within those.
  const time = makeVirtualTime(new Date().toISOString());
  const company = await openCompany(time);
  const stores = lastingStores();
  // A certificate says whole seconds.
  const expiresAt = new Date(Math.floor((time.now().getTime() + days * DAY) / 1000) * 1000);
  const { authorityUrl: authority, clientId, clientSecret } = company;
  const made = makeCertificate({ from: new Date(time.now().getTime() - DAY), to: expiresAt });
  company.appCredentials.registerCertificate(made.certificate);
  const auth: Auth =
    kind === 'certificate'
      ? { kind, authority, clientId, certificate: () => made.pem }
      : { kind, authority, clientId, clientSecret, expiresAt };
  const wiring = connectionTo(company, { schedule: { pollSeconds: 43_200 } });
  for (const told of [[['credentials', { daysLeft }]], []]) {
    const { engine, alerts, cycles } = await openRunning([company], { time, stores });
    const connection = await engine.add({ ...wiring, graph: { ...wiring.graph, auth } });
    engine.start();
    await time.pass(HOUR / 30);
    expect(alerts.map((alert) => [alert.kind, alert.counts])).toEqual(told);
    expect(cycles.every(({ ok }) => ok)).toBe(true);
    expect(await connection.status()).toMatchObject({ credentialExpiresAt: expiresAt.toISOString() });
    await stopped(time, engine);
  }
});
