import {
  openSyncEngine,
  type ConnectionOptions,
  type DirectorySync,
  type Stores,
  type SyncEngine,
} from '@learnamp/directory-sync';
import { type Random, randomFrom, type Simulator, startSimulator } from '@learnamp/directory-sync-simulator';
import { inWords, openInvariants } from '../invariants/look-at-world.js';
import { differences } from '../simulation/compare.js';
import { makeOracle } from '../simulation/oracle.js';
import { connectionTo } from '../support/running-engine.js';
import { lastingStores } from '../support/lasting-stores.js';
import { calm, nobody, personNamed } from '../support/stage.js';
import { makeScheduler, type Scheduler } from './make-scheduler.js';

const MINUTE = 60_000;
const by = { actor: 'a test', reason: 'a test' };
const wishes = { invitations: 'immediate' } as const;

/** What one seed came to: nothing wrong, or what, and the order in which it came about. */
export type Together = { readonly wrong: ReadonlyArray<string>; readonly trace: ReadonlyArray<string> };

/** Every append, commit of rows and request of an engine is a step of its actor. */
const scheduled = (stores: Stores, scheduler: Scheduler, actor: string): Stores => ({
  ...stores,
  log: {
    ...stores.log,
    append: (stream, expected, records) => () =>
      scheduler.step(actor, 'appends', stores.log.append(stream, expected, records)),
    head: (stream) => () => scheduler.step(actor, 'reads the head', stores.log.head(stream)),
  },
  keys: {
    ...stores.keys,
    current: (owners) => () => scheduler.step(actor, 'asks for keys', stores.keys.current(owners)),
  },
});

const openEngine = (simulator: Simulator, stores: Stores, scheduler: Scheduler, actor: string): SyncEngine => {
  const random = randomFrom(1, actor);
  return openSyncEngine({
    stores: scheduled(stores, scheduler, actor),
    world: {
      now: scheduler.now,
      sleep: scheduler.sleep,
      random: random.next,
      newId: random.uuid,
      fetch: ((input: string, init?: RequestInit) =>
        scheduler.step(actor, `asks ${new URL(input).pathname.split('/').slice(0, 3).join('/')}`, () =>
          simulator.fetch(input, init),
        )) as typeof globalThis.fetch,
    },
  });
};

type Company = { readonly simulator: Simulator; readonly random: Random; readonly people: string[] };

const edits: ReadonlyArray<(company: Company) => void> = [
  ({ simulator: { directory }, random, people }) => {
    const id = directory.addUser(personNamed(`Late Member${directory.everyUser().length}`, { department: 'Sales' }));
    directory.addMember(directory.scopeGroupId, id);
    if (people.length > 0) directory.setManager(id, people[random.integer(0, people.length - 1)] ?? id);
    people.push(id);
  },
  ({ simulator: { directory }, random, people }) => {
    const [id] = people.splice(random.integer(1, people.length - 1), 1);
    if (id !== undefined) directory.removeMember(directory.scopeGroupId, id);
  },
  ({ simulator: { directory }, random, people }) => {
    const id = people[random.integer(0, people.length - 1)] ?? '';
    directory.updateUser(id, {
      jobTitle: `Title ${random.integer(1, 99)}`,
      department: random.pick(['Sales', 'Legal']),
    });
  },
];

/** What an administrator does while the engines run; each may be refused. */
const adminActs = (
  left: ReadonlyArray<string>,
  random: Random,
): ReadonlyArray<(sync: DirectorySync) => Promise<unknown>> => [
  (sync) => sync.pause(by).then(() => sync.resume(by)),
  (sync) => sync.sync(),
  (sync) => sync.sync({ full: true }),
  (sync) => {
    const userId = left[random.integer(0, Math.max(0, left.length - 1))];
    return userId === undefined ? Promise.resolve() : sync.erase(userId as Parameters<DirectorySync['erase']>[0], by);
  },
];

const faultOf = (simulator: Simulator, random: Random): void => {
  const action = random.pick(['reset', 'applyThenReset', 'truncate'] as const);
  const system = random.pick(['graph', 'learnAmp', 'learnAmp'] as const);
  simulator.faults.add({ system, nth: random.integer(1, 12), action });
};

const PHASES = 4;

/** Two engines on one connection, an administrator on each, edits and faults, interleaved as the seed says. */
export const liveTogether = async (seed: number): Promise<Together> => {
  const random = randomFrom(seed, 'together');
  const scheduler = makeScheduler(randomFrom(seed, 'scheduler'));
  const simulator = await startSimulator({ seed, now: scheduler.now, graph: calm, company: nobody });
  const stores = lastingStores();
  const company: Company = { simulator, random, people: [] };
  for (let n = 0; n < 6; n += 1) edits[0]?.(company);
  const oracle = makeOracle(simulator.directory, simulator.learnAmp, wishes, simulator.scopeGroupId);
  const look = openInvariants(simulator, { now: scheduler.now });
  const options: ConnectionOptions = connectionTo(simulator, { wishes });
  const engines = ['one', 'other'].map((actor) => openEngine(simulator, stores, scheduler, actor));
  const wrong: string[] = [];

  const finish = async <T>(work: Promise<T>, within = 240 * MINUTE): Promise<T | undefined> => {
    let done = false;
    const settled = work.then(
      (value) => value,
      () => undefined,
    );
    void settled.finally(() => (done = true));
    await scheduler.until(() => done, within);
    return settled;
  };
  const pass = async (milliseconds: number): Promise<void> => {
    let rung = false;
    void scheduler.sleep(milliseconds).then(() => (rung = true));
    await scheduler.until(() => rung, milliseconds);
  };

  try {
    const syncs: DirectorySync[] = [];
    for (const engine of engines) {
      const sync = await finish(engine.add(options));
      if (sync !== undefined) syncs.push(sync);
      engine.start();
    }
    for (let phase = 0; phase < PHASES; phase += 1) {
      const leavers = simulator.directory.users().flatMap(({ id }) => (company.people.includes(id) ? [] : [id]));
      if (random.chance(0.6)) faultOf(simulator, random);
      const acts: Promise<unknown>[] = [];
      for (let act = random.integer(1, 4); act > 0; act -= 1) {
        const sync = syncs[random.integer(0, syncs.length - 1)];
        const chosen = random.pick(adminActs(leavers, random) as [(sync: DirectorySync) => Promise<unknown>]);
        if (sync !== undefined) acts.push(chosen(sync).catch(() => undefined));
        await pass(random.integer(0, 40_000));
      }
      await finish(Promise.all(acts));
      simulator.faults.clear();
      await finish(syncs[0]?.resume(by) ?? Promise.resolve(undefined));
      // Whoever was fenced, or has to wait, comes round again.
      await pass(30 * MINUTE);
      await finish(syncs[phase % syncs.length]?.sync() ?? Promise.resolve(undefined));
      oracle.observe(scheduler.now());
      const unlike = differences(oracle, simulator.learnAmp, wishes).map((one) => JSON.stringify(one));
      const seen = await finish(look({ engine: syncs[0], log: stores.log }));
      wrong.push(...unlike, ...(seen === undefined || seen.length === 0 ? [] : [inWords(seen)]));
      if (wrong.length > 0) break;
      for (let edit = random.integer(1, 3); edit > 0; edit -= 1) random.pick(edits as [(typeof edits)[0]])(company);
    }
  } finally {
    await finish(Promise.all(engines.map((engine) => engine.stop({ deadlineMs: 10_000 }))));
    await simulator.close();
  }
  return { wrong, trace: scheduler.trace() };
};
