import type { DirectorySync, Stores } from '@learnamp/directory-sync';
import { type FaultAction, type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inWords, openInvariants } from '../../invariants/look-at-world.js';
import { connect, sqliteFolder } from '../../support/connect.js';
import { hire } from '../../support/running-engine.js';
import { calm, expectReplayEqualsLive, nobody } from '../../support/stage.js';

const preferences = { invitations: 'immediate' };

/** The stores of a release with another planner: what it dispatches carries its number. */
const ofPlanner = (stores: Stores, plannerVersion: number): Stores => ({
  ...stores,
  log: {
    ...stores.log,
    append: (stream, expected, records) =>
      stores.log.append(
        stream,
        expected,
        records.map((record) =>
          record.type === 'CommandsDispatched'
            ? { ...record, data: { ...(record.data as object), plannerVersion } }
            : record,
        ),
      ),
  },
});

const openReleases = async () => {
  const simulator = await startSimulator({ seed: 4, company: nobody, graph: calm });
  const files = await sqliteFolder();
  const look = openInvariants(simulator);
  let engine: DirectorySync | undefined;
  let stores: Stores | undefined;
  onTestFinished(async () => {
    await engine?.close();
    await simulator.close();
    await files.remove();
  });
  return {
    simulator,
    /** Ends the release that runs, and starts another: an older one, one to come, or the present one. */
    start: async (plannerVersion?: number): Promise<DirectorySync> => {
      await engine?.close();
      stores = await files.open();
      engine = connect(simulator, {
        stores: plannerVersion === undefined ? stores : ofPlanner(stores, plannerVersion),
        preferences,
        // Nobody answers on purpose: waited for as long as a few tries take.
        patienceMs: 2_000,
      });
      return engine;
    },
    check: async () => expect(inWords(await look({ engine, log: stores?.log }))).toBe(''),
  };
};

/** Three calls are cut in the middle of a delivery: what was dispatched has no answer. */
const interrupted = async (simulator: Simulator, engine: DirectorySync, action: FaultAction): Promise<void> => {
  const fault = simulator.faults.add({
    system: 'learnAmp',
    method: 'POST',
    path: /\/v1\/users$/,
    from: 3,
    times: 3,
    action,
  });
  // From then on nobody can look up what became of them.
  simulator.faults.add({ system: 'learnAmp', match: () => fault.hits() > 0, action: 'reset' });
  expect(await engine.sync()).toMatchObject({ ok: false });
  expect(fault.hits()).toBeGreaterThan(0);
  simulator.faults.clear();
};

const expectOnce = ({ learnAmp }: Simulator, people: number): void => {
  expect(learnAmp.accounts()).toHaveLength(2 + people);
  const ids = learnAmp.accounts().flatMap(({ integrationExternalId: id }) => (id === null ? [] : [id]));
  expect(new Set(ids).size).toBe(people);
  const invited = learnAmp.invitations().map(({ accountId }) => accountId);
  expect(new Set(invited).size).toBe(invited.length);
  expect(invited).toHaveLength(people);
};

describe.each<{ readonly lost: string; readonly action: FaultAction }>([
  { lost: 'were applied and not answered', action: 'applyThenReset' },
  { lost: 'never arrived', action: 'reset' },
])('commands of another release that $lost', ({ action }) => {
  it.each([
    { name: 'an upgrade', first: 0, then: undefined },
    { name: 'a rollback', first: 99, then: undefined },
    { name: 'an upgrade that is rolled back', first: undefined, then: 0 },
  ])('are done once after $name, and none is lost', { timeout: 240_000 }, async ({ first, then }) => {
    const { simulator, start, check } = await openReleases();
    for (let n = 0; n < 40; n += 1) hire(simulator, `Crew Member${n}`);
    await interrupted(simulator, await start(first), action);
    const next = await start(then);
    expect(await next.sync()).toMatchObject({ ok: true, people: { linked: 40 } });
    expectOnce(simulator, 40);

    // Back again, in the middle of the next change.
    for (let n = 0; n < 12; n += 1) hire(simulator, `Late Member${n}`);
    await interrupted(simulator, next, action);
    const again = await start(first);
    expect(await again.sync()).toMatchObject({ ok: true, people: { linked: 52 } });
    expectOnce(simulator, 52);
    const present = await start();
    expect((await present.sync()).commands).toEqual({});
    await expectReplayEqualsLive(present);
    expect(await present.rebuild({ verify: true })).toMatchObject({ differences: 0 });
    await check();
  });
});
