import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { sqliteFolder } from '../support/connect.js';
import { connectionTo, hire, openCompany, openRunning, stopped } from '../support/running-engine.js';
import { makeVirtualTime } from '../support/virtual-time.js';

const MINUTE = 60_000;
const PEOPLE = 1_200;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc', {}) as () => void;
const heapInUse = (): number => {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
};

it('a company at rest keeps who is member of what in memory, and nothing else of its people', async () => {
  const files = await sqliteFolder();
  onTestFinished(files.remove);
  const time = makeVirtualTime();
  const company = await openCompany(time);
  for (let at = 0; at < PEOPLE; at += 1) hire(company, `Person Number${at}`);
  const { engine, cycles } = await openRunning([company], { time, stores: await files.open() });
  await engine.add(connectionTo(company));
  engine.start();
  await time.until(() => cycles.length > 0, 60 * MINUTE);
  expect(cycles[0]).toMatchObject({ ok: true, people: { linked: PEOPLE } });
  await time.pass(6 * MINUTE);
  expect(cycles).toHaveLength(2);

  const atRest = heapInUse();
  await stopped(time, engine);
  // What the simulator and this test hold is there before and after.
  const perPerson = (atRest - heapInUse()) / PEOPLE;
  expect(perPerson).toBeLessThan(1_300);
}, 300_000);
