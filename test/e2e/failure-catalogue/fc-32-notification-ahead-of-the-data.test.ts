import { expect, it } from 'vitest';
import { connectionTo, eventsOf, hire, openCompany, openRunning } from '../../support/running-engine.js';
import { makeVirtualTime } from '../../support/virtual-time.js';

const MINUTE = 60_000;

const inStep = async () => {
  const time = makeVirtualTime();
  const company = await openCompany(time, 32);
  const ann = hire(company, 'Ann Lee');
  const running = await openRunning([company], { time, notified: true });
  const connection = await running.engine.add(connectionTo(company));
  running.engine.start();
  await time.until(() => company.subscriptions.list().length === 2 && running.cycles.length >= 2, MINUTE);
  await time.pass(10_000);
  return { ...running, company, ann, connection };
};

it('FC-32: a value that Graph shows only after the notified round is found by the follow-up, without another notification', async () => {
  const { time, company, ann, connection, cycles, notify } = await inStep();
  const before = cycles.length;
  await notify(company);
  await time.pass(5_000);
  expect(cycles.slice(before)).toMatchObject([{ trigger: 'notification', events: {} }]);
  company.directory.updateUser(ann, { department: 'Finance' });
  await time.pass(MINUTE);
  expect(cycles.slice(before)).toMatchObject([{ events: {} }, { trigger: 'notification', ok: true }]);
  expect(await eventsOf(connection, 'DepartmentChanged')).toHaveLength(1);
  expect(company.learnAmp.accountByExternalId(ann)?.primaryTeamId).not.toBeNull();
});

it('FC-32: a notification that arrives during a round is followed by another round', async () => {
  const { time, company, ann, connection, cycles, notify } = await inStep();
  const before = cycles.length;
  let told = false;
  company.faults.add({
    system: 'graph',
    path: /\/users\/delta/,
    match: () => {
      // The page is about to be given; the change comes behind it.
      if (!told) {
        told = true;
        void notify(company);
      }
      return false;
    },
    action: 'reset',
  });
  await notify(company);
  await time.pass(1_000);
  expect(told).toBe(true);
  expect(cycles.length).toBe(before + 1);
  company.directory.updateUser(ann, { department: 'Finance' });
  await time.pass(6_000);
  expect(cycles.length).toBe(before + 2);
  expect(await eventsOf(connection, 'DepartmentChanged')).toHaveLength(1);
});
