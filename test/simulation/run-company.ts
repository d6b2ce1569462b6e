import { openMemoryStores, type Stores, type SyncReport } from '@learnamp/directory-sync';
import { inWords, openInvariants } from '../invariants/look-at-world.js';
import { jsonProjections } from '../support/json-projections.js';
import { type GraphServerOptions, randomFrom } from '@learnamp/directory-sync-simulator';
import { makeBlindSpots } from './blind-spots.js';
import { driftEdit } from './drift-edits.js';
import { startEngineProcess, type EngineProcess } from './in-process-engine.js';
import { judge } from './judge.js';
import { makeOracle, type Oracle } from './oracle.js';
import { everythingBelow } from './oracle-rules.js';
import { makeRandomCompany, type RandomCompany } from './random-company.js';
import { randomEdit } from './random-edits.js';
import { planFaults } from './random-faults.js';

export type Life = {
  readonly seed: number;
  readonly edits: number;
  readonly holds?: boolean;
  /** Share of the syncs during which something goes wrong. */
  readonly faults?: number;
  /** Share of the syncs before which somebody changes accounts at Learn Amp by hand; such a sync looks at all of them. */
  readonly drifts?: number;
  /** The server's behaviour; by default drawn from the seed. */
  readonly graph?: GraphServerOptions;
  /** Nobody is given an address that is somebody else's at the same time. */
  readonly ownAddresses?: boolean;
};

export type Lived = {
  readonly company: RandomCompany;
  readonly oracle: Oracle;
  readonly trace: ReadonlyArray<string>;
  readonly syncs: number;
};

/** Share of the syncs after which the rows are compared with the log: each costs a fold of all of it. */
const VERIFIED = Number(process.env['VERIFIED'] ?? 0.2);

/** Says the seed, what was done, and the first thing that is wrong. */
class Wrong extends Error {
  constructor(seed: number, trace: ReadonlyArray<string>, what: string) {
    super(
      `seed ${seed}: ${what}\n${trace.map((line) => `  ${line}`).join('\n')}\nRun it alone: SEED=${seed} npx vitest run test/simulation`,
    );
    this.name = 'Wrong';
  }
}

/** Lives through a company's random life and throws at the first thing that is not as the oracle says. */
export const liveThrough = async (life: Life): Promise<Lived> => {
  const { seed } = life;
  const random = randomFrom(seed, 'life');
  const company = await makeRandomCompany(seed, { holds: life.holds === true, graph: life.graph });
  const { simulator, wishes, clock } = company;
  const { directory, learnAmp, scopeGroupId } = simulator;
  const trace: string[] = [];
  const fail = (what: string): never => {
    throw new Wrong(seed, trace, what);
  };
  const oracle = makeOracle(directory, learnAmp, wishes, scopeGroupId);
  const blind = makeBlindSpots(company);
  let stores: Stores = { ...openMemoryStores(), projections: jsonProjections() };
  const worldRandom = randomFrom(seed, 'world');
  const rowsRandom = randomFrom(seed, 'rows');
  const driftRandom = randomFrom(seed, 'drift');
  let process: EngineProcess = startEngineProcess(company, stores, worldRandom);
  let syncs = 0;
  let writesSeen = 0;
  let deactivationsSeen = 0;
  const look = openInvariants(simulator, { now: clock.now });
  const faulty = { lie: false };
  const cursors = { lost: false };

  const restart = (): void => {
    if (random.chance(0.3)) stores = { ...stores, cache: openMemoryStores().cache };
    if (rowsRandom.chance(0.2)) stores = { ...stores, projections: jsonProjections() };
    process = startEngineProcess(company, stores, worldRandom);
    trace.push('new process');
  };

  /** What must hold after any sync, complete or not. */
  const checkWrites = (): void => {
    const below = everythingBelow(directory, scopeGroupId);
    for (const { method, path } of learnAmp.writes().slice(writesSeen))
      if (method === 'DELETE') fail(`${method} ${path} was sent: nothing is ever deleted`);
    writesSeen = learnAmp.writes().length;
    for (const { accountId } of learnAmp.deactivations().slice(deactivationsSeen)) {
      const person = [...below].find((id) => {
        const expected = oracle.accountOf(id)?.id;
        return expected === accountId || learnAmp.account(accountId)?.integrationExternalId === id;
      });
      const user = person === undefined ? undefined : directory.user(person);
      const blocked = wishes.deactivateBlockedAccounts === true && user?.properties.accountEnabled === false;
      if (user !== undefined && !blocked) fail(`account ${accountId} was deactivated while ${user.id} is in the group`);
    }
    deactivationsSeen = learnAmp.deactivations().length;
    const invited = learnAmp.invitations().map(({ accountId }) => accountId);
    if (new Set(invited).size < invited.length) fail('somebody was invited twice');
  };

  /** I-01 to I-20, over what came since the sync before. */
  const checkInvariants = async (report: SyncReport | undefined): Promise<void> => {
    const reports = report === undefined ? [] : [report];
    const [first] = await look({ engine: process.engine, log: stores.log, reports });
    if (first !== undefined) fail(inWords([first]));
  };

  const sync = async (full: boolean, broken: boolean): Promise<SyncReport | undefined> => {
    syncs += 1;
    const controller = new AbortController();
    let died = (): void => undefined;
    const death = new Promise<undefined>((resolve) => {
      died = () => resolve(undefined);
    });
    process.doom(undefined, died);
    if (broken) {
      const end = random.next();
      if (end < 0.25) {
        const nth = random.integer(1, 30);
        const planned = {
          at: random.pick<'request' | 'append'>(['request', 'append']),
          nth,
          applied: random.chance(0.5),
        };
        trace.push(`killed at ${planned.at} ${nth} ${planned.applied ? 'after' : 'before'} it took effect`);
        process.doom(planned, died);
      } else if (end < 0.35) {
        let left = random.integer(1, 30);
        trace.push(`stopped at request ${left}`);
        simulator.faults.add({
          match: () => {
            left -= 1;
            if (left === 0) controller.abort();
            return false;
          },
          action: 'reset',
        });
      } else {
        const { words, lie } = planFaults(simulator, random, oracle);
        trace.push(`faults: ${words}`);
        faulty.lie = lie;
      }
    }
    blind.onSync(full || broken);
    const report = await Promise.race([process.engine.sync({ full, photos: false, signal: controller.signal }), death]);
    simulator.faults.clear();
    if (report === undefined) restart();
    trace.push(
      report === undefined
        ? 'sync: killed'
        : `sync${full ? ' (full)' : ''}: ${report.ok ? `exit ${report.exitCode}` : `${report.error?.code}: ${report.error?.message}`}`,
    );
    checkWrites();
    await checkInvariants(report);
    return report;
  };

  const check = (report: SyncReport): string | undefined => {
    oracle.observe(clock.now(), cursors.lost);
    cursors.lost = false;
    return judge({ oracle, learnAmp, wishes }, report);
  };

  /** Nothing changed: nothing is appended, nothing is sent to Learn Amp. */
  const checkQuiet = async (): Promise<void> => {
    const requests = simulator.requests.counts().learnAmp;
    const report = await sync(false, false);
    if (report === undefined) return;
    if (Object.keys(report.events).length > 0) fail(`an idle sync appended ${JSON.stringify(report.events)}`);
    if (simulator.requests.counts().learnAmp > requests) fail('an idle sync asked Learn Amp');
  };

  /** A stream of its own: what was found with a seed before is lived again as it was. */
  const drift = (): boolean => {
    if (syncs === 0 || !driftRandom.chance(life.drifts ?? 0)) return false;
    for (let edit = driftRandom.integer(1, 3); edit > 0; edit -= 1) {
      const drifted = driftEdit({ simulator, random: driftRandom, oracle, wishes });
      if (drifted !== undefined) trace.push(drifted.did);
    }
    return true;
  };

  // Asked, not read: a sync in between may have set it.
  const hasLied = (): boolean => faulty.lie;
  const settle = async (last: boolean): Promise<void> => {
    if (random.chance(0.08)) restart();
    if (random.chance(0.08)) {
      const expiry = random.pick([
        'syncStateNotFound',
        'SyncStateNotFound',
        'gone',
        'gone-empty',
        'resyncRequired',
      ] as const);
      simulator.expireDeltaTokens(expiry);
      trace.push(`delta tokens expire (${expiry})`);
      cursors.lost = true;
      blind.onSync(true);
    }
    if (random.chance(0.08)) {
      const hours = random.pick([2, 25, 25, 200]);
      clock.advance(hours * 3_600_000);
      trace.push(`${hours} hours pass`);
      if (hours > 160) {
        cursors.lost = true;
        blind.onSync(true);
      }
    }
    const broken = random.chance(life.faults ?? 0);
    const drifted = drift();
    faulty.lie = false;
    if (broken) await sync(random.chance(0.2), true);
    if (hasLied()) for (let again = 0; again < 2; again++) await sync(false, false);
    let wrong: string | undefined = 'no sync completed';
    for (let attempt = 1; wrong !== undefined && attempt <= (broken ? 3 : 1); attempt++) {
      const full = random.chance(0.1) || blind.fullNeeded() || drifted;
      const report = await sync(full, false);
      if (report?.ok !== true) continue;
      if (full) blind.onFullDone();
      if (rowsRandom.chance(VERIFIED)) await checkRows(process, fail);
      wrong = check(report);
    }
    if (wrong !== undefined) fail(wrong);
    if (last || random.chance(0.12)) await checkQuiet();
  };

  const context = {
    ...{ simulator, random, oracle, wishes, onRestore: blind.onRestore },
    ownAddresses: life.ownAddresses === true,
  };
  try {
    await settle(false);
    for (let done = 0; done < life.edits;) {
      const count = Math.min(random.integer(1, 6), life.edits - done);
      for (let edit = 0; edit < count; edit++) trace.push(randomEdit(context));
      done += count;
      await settle(done >= life.edits);
    }
    await checkReplay(process, fail);
    await checkRows(process, fail);
    await checkLog(process, fail);
  } catch (error) {
    if (globalThis.process.env['WHO'] !== undefined) await tell(process, globalThis.process.env['WHO']);
    throw error;
  } finally {
    await simulator.close();
  }
  return { company, oracle, trace, syncs };
};

/** With `WHO=<start of an object id>`: the events about one person, to understand a failing seed. */
const tell = async ({ engine }: EngineProcess, who: string): Promise<void> => {
  for await (const { revision, type, data, metadata } of engine.events()) {
    const about = JSON.stringify([metadata, data]).includes(who);
    if (about || type === 'SyncStarted') console.log(revision, type, about ? JSON.stringify(data) : '');
  }
};

/** The rows are what the log says, and whoever is not noted as open has nothing to be done: a look at everybody finds no more. */
const checkRows = async ({ engine }: EngineProcess, fail: (what: string) => never): Promise<void> => {
  const { differences } = await engine.rebuild({ verify: true });
  if (differences !== 0) fail(`${differences} rows or people are not as a fold of the whole log and a full plan say`);
};

/** State by replay equals live state. */
const checkReplay = async ({ engine }: EngineProcess, fail: (what: string) => never): Promise<void> => {
  const live = await engine.stateDigest();
  let replayed: string | undefined;
  for await (const step of engine.replay()) if (step._tag === 'Summary') replayed = step.stateDigest;
  if (replayed !== live) fail(`state by replay is ${replayed}, live state is ${live}`);
};

/** Every command that was dispatched is derived again from what was known by then, and nothing else is wrong with the log. */
const checkLog = async ({ engine }: EngineProcess, fail: (what: string) => never): Promise<void> => {
  const { ok, checks } = await engine.verify();
  if (!ok) fail(`the log does not verify: ${JSON.stringify(checks, undefined, 1)}`);
};
