import { expect, it } from 'vitest';
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
