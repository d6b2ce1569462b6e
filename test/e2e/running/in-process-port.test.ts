import { expect, it } from 'vitest';
import { openInProcessLearnAmp } from '../../support/in-process-learn-amp.js';
import { connectionTo, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

it('a host that implements the port in process sends many people in one call, and is told what waits for a person', async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time);
  const people = Array.from({ length: 30 }, (_, n) => hire(company, `Crew Member${String(n)}`));
  for (const userId of people) company.directory.updateUser(userId, { department: 'Sales' });
  const host = openInProcessLearnAmp();
  const { engine, alerts, cycles } = await openRunning([company], { time });
  await engine.add({ ...connectionTo(company), learnAmp: host.port });
  engine.start();
  await time.until(() => cycles.length === 1, MINUTE);
  expect(people.map((userId) => host.book.byExternalId(userId)?.primaryTeam?.name)).toEqual(people.map(() => 'Sales'));
  // Nothing went over the network, and one by one only what had to.
  expect(company.requests.count({ system: 'learnAmp' })).toBe(0);
  const { execute, executeAll, commands } = host.calls();
  expect(executeAll).toBeGreaterThan(0);
  expect(execute + executeAll).toBeLessThan(commands / 4);

  for (const userId of people.slice(0, 12)) company.directory.removeMember(company.scopeGroupId, userId);
  await time.pass(20 * MINUTE);
  expect(host.deactivations).toEqual([]);
  expect(host.alerts).toMatchObject([{ kind: 'held', connectionId: 'fabrikam', counts: { people: 12 } }]);
  expect(alerts).toEqual(host.alerts);
});
