import { expect, it } from 'vitest';
import { connectionTo, openCompany, openRunning, stopped } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

it('a running engine that is told of a consent signs in anew at its next request, and only then', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const { engine } = await openRunning([company], { time });
  await engine.add(connectionTo(company, { schedule: { pollSeconds: 300 } }));
  engine.start();
  const signIns = (): number =>
    company.requests.matching({ system: 'token' }).filter(({ path }) => path.includes('v2.0')).length;
  await time.pass(12 * MINUTE);
  expect(signIns()).toBe(1);
  engine.forgetToken('00000000-0000-4000-8000-00000000abcd');
  await time.pass(12 * MINUTE);
  expect(signIns()).toBe(1);
  engine.forgetToken(company.tenantId.toUpperCase());
  await time.pass(12 * MINUTE);
  expect(signIns()).toBe(2);
  await stopped(time, engine);
});
