import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '@learnamp/directory-sync-simulator';
import { expect, it } from 'vitest';
import { incarnate, openRoot } from '../../crash/incarnation.js';
import { inWords, openInvariants } from '../../invariants/look-at-world.js';
import { differences } from '../../simulation/compare.js';
import { makeOracle } from '../../simulation/oracle.js';
import { makeSharedClock } from '../../simulation/random-company.js';
import { calm, nobody, personNamed } from '../../support/stage.js';

/** `CRASH=all`: a pause at every step. */
const STRIDE = process.env['CRASH'] === 'all' ? 1 : 7;
/** Longer than a live engine may be silent. */
const ASLEEP_MS = 10 * 60_000;

const wishes = { invitations: 'immediate' } as const;

const openCompany = async () => {
  const clock = makeSharedClock();
  const simulator = await startSimulator({ seed: 3, now: clock.now, graph: calm, company: nobody });
  const { directory } = simulator;
  const [boss = ''] = ['Ann Boss', 'Bo Report', 'Cy Other'].map((name) => {
    const id = directory.addUser(personNamed(name, { department: 'Sales' }));
    directory.addMember(directory.scopeGroupId, id);
    return id;
  });
  const report = directory.userByPrincipalName('bo.report@fabrikam.example')?.id ?? '';
  directory.setManager(report, boss);
  return { clock, simulator };
};

/** One engine stands still at its n-th step while another one does all there is to do; then it wakes and goes on. */
const sleepAt = async (nth: number | undefined) => {
  const { clock, simulator } = await openCompany();
  const { root, remove } = openRoot();
  const around = { simulator, wishes, clock, root };
  const folder = join(root, 'files');
  mkdirSync(folder);
  const look = openInvariants(simulator, { now: clock.now });
  const oracle = makeOracle(simulator.directory, simulator.learnAmp, wishes, simulator.scopeGroupId);
  const [sleeper, other] = [await incarnate(around, folder), await incarnate(around, folder)];
  let others: string | undefined;
  const until = async (): Promise<void> => {
    clock.advance(ASLEEP_MS);
    const report = await other.engine.sync();
    others = report.error?.code ?? 'ok';
    clock.advance(ASLEEP_MS);
  };
  sleeper.boundaries.arm(nth === undefined ? undefined : { nth, mode: { until } });
  const report = await sleeper.engine.sync();
  const steps = sleeper.boundaries.crossed().length;
  await sleeper.end();

  clock.advance(ASLEEP_MS);
  const end = await other.engine.sync();
  oracle.observe(clock.now());
  const quiet = await other.engine.sync();
  const seen = await look({
    ...{ engine: other.engine, log: other.stores.log, reports: [report, end, quiet] },
    atRest: {
      unlikeOracle: differences(oracle, simulator.learnAmp, wishes).map((one) => JSON.stringify(one)),
      quietRound: { events: Object.keys(quiet.events).length, writes: quiet.requests.learnAmp },
    },
  });
  await other.end();
  await simulator.close();
  await remove();
  return { steps, others, slept: report.error?.code ?? 'ok', end: end.error?.code ?? 'ok', wrong: inWords(seen) };
};

it('an engine that wakes up at any of its steps, long after another took over, doubles nothing and says fenced', async () => {
  const { steps, wrong } = await sleepAt(undefined);
  expect(wrong).toBe('');
  expect(steps).toBeGreaterThan(40);
  const outcomes = new Set<string>();
  for (let nth = 1; nth <= steps; nth += STRIDE) {
    const { others, slept, end, wrong: found } = await sleepAt(nth);
    outcomes.add(slept);
    expect([nth, found, end]).toEqual([nth, '', 'ok']);
    // What stood still at a step that answers at once never slept: then there was no other engine either.
    expect(['ok', 'fenced', undefined]).toContain(others);
    expect(['ok', 'fenced']).toContain(slept);
  }
  expect(outcomes).toContain('fenced');
});
