import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stores } from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { makeMemoryKeyStore } from '@learnamp/directory-sync-event-sourcing';
import { type Random, randomFrom } from '@learnamp/directory-sync-simulator';
import { copyAsItStands, tearLastTransaction } from '../../crash/torn-files.js';
import { makeScheduler } from '../../scheduler/make-scheduler.js';
import { lastingStores } from '../../support/lasting-stores.js';
import { makeOracle } from '../oracle.js';
import type { Wishes } from '../oracle-rules.js';
import { makeRandomCompany } from '../random-company.js';
import { makeNetwork } from './network.js';
import { makePhaseChanges } from './phase-changes.js';
import { openPostOffice } from './post-office.js';
import { startProcess, type Process } from './process.js';
import type { Scene } from './scene.js';
import type { Script } from './script.js';
import { makeStoreTroubles } from './store-troubles.js';

const MINUTE = 60_000;
/** Longer than any wait of an engine. */
const LONGEST_MS = 240 * MINUTE;

export type OpenScene = Scene & {
  /** Everything that troubles it is gone: what stopped runs again. */
  readonly calm: () => Promise<void>;
  readonly trace: () => ReadonlyArray<string>;
  readonly close: () => Promise<void>;
};

type Files = {
  readonly open: () => Promise<Stores>;
  /** Files as they are when the power fails in the middle of a commit; those opened from now on are these. */
  readonly tear: () => boolean;
  readonly remove: () => Promise<void>;
};

/** Keys that the seed decides, so that the same life seals to the same bytes. */
const inMemory = (random: Random): Files => {
  const bytes = (length: number): Uint8Array =>
    Uint8Array.from(createHash('sha256').update(random.uuid()).digest().subarray(0, length));
  const keys = makeMemoryKeyStore({ id: random.uuid, bytes });
  const stores = { ...lastingStores(), keys };
  return { open: () => Promise.resolve(stores), tear: () => false, remove: () => Promise.resolve() };
};

const onFiles = (): Files => {
  // What dies here is a process that stands in for itself: no disk has to be waited for.
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'directory-sync-simulation-'));
  let image = 0;
  const paths = (at = image) => {
    const logPath = join(root, String(at), 'log.db');
    return { logPath, keysPath: `${logPath}.keys`, localPath: `${logPath}.local` };
  };
  copyAsItStands([], join(root, '0'));
  return {
    open: () => openSqliteStores(paths()),
    tear: () => {
      const before = Object.values(paths());
      image += 1;
      copyAsItStands(before, join(root, String(image)));
      return tearLastTransaction(`${paths().logPath}-wal`);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};

/** A company, its two systems, a scheduler over all of it, and no process yet. */
export const openScene = async (script: Script): Promise<OpenScene> => {
  const { seed, storage, photos } = script;
  const scheduler = makeScheduler(randomFrom(seed, 'scheduler'));
  const trace: string[] = [];
  const processes: Process[] = [];
  const alive = (): ReadonlyArray<Process> => processes.filter((one) => one.isAlive());
  const office = openPostOffice(
    () => alive()[0]?.engine.handler,
    (milliseconds) => scheduler.sleep(milliseconds),
  );
  const clock = { now: scheduler.now, advance: () => undefined };
  const company = await makeRandomCompany(seed, { holds: false, clock, callEndpoint: office.call });
  const { simulator } = company;
  const wishes: Wishes = { ...company.wishes };
  const oracle = makeOracle(simulator.directory, simulator.learnAmp, wishes, simulator.scopeGroupId);
  const files = storage === 'sqlite' ? onFiles() : inMemory(randomFrom(seed, 'keys'));
  const troubles = makeStoreTroubles();
  const network = makeNetwork(simulator.fetch, (url) => (url.startsWith(simulator.learnAmpUrl) ? 'learnAmp' : 'graph'));
  const reports: Array<Scene['reports'][number]> = [];
  let secret = simulator.clientSecret;
  let started = 0;
  let hostAhead = 0;

  const say = (text: string): void => {
    trace.push(text);
  };
  const finish: Scene['finish'] = async (work) => {
    let done = false;
    const settled = work.then(
      (value) => value,
      () => undefined,
    );
    void settled.finally(() => (done = true));
    await scheduler.until(() => done, LONGEST_MS);
    return settled;
  };
  const wait: Scene['wait'] = async (milliseconds) => {
    let rung = false;
    void scheduler.sleep(milliseconds).then(() => (rung = true));
    await scheduler.until(() => rung, milliseconds);
  };
  const start: Scene['start'] = async () => {
    started += 1;
    const process = await startProcess(scene, `process ${String(started)}`);
    processes.push(process);
    say(`${process.actor} starts`);
    return process;
  };

  const scene: Scene = {
    ...{ seed, simulator, scheduler, troubles, network, photos, company, oracle, office, storage },
    ...{ alive, start, wait, finish, say, reports },
    hostNow: () => new Date(scheduler.now().getTime() + hostAhead),
    setHostClock: (byMs) => {
      hostAhead += byMs;
    },
    changes: makePhaseChanges(),
    wishes: () => wishes,
    secret: () => secret,
    openStores: files.open,
    onReport: (actor, report) => {
      reports.push({ actor, report });
      const end = report.ok ? `exit ${String(report.exitCode)}` : (report.error?.code ?? 'failed');
      say(`${actor}: ${report.trigger} ${end} ${JSON.stringify(report.events)}`);
    },
    changeWishes: (change) => {
      Object.assign(wishes, change);
    },
    changeSecret: (fresh) => {
      secret = fresh;
    },
    cutPower: async (nth) => {
      const [victim] = alive();
      if (storage !== 'sqlite' || victim === undefined) return false;
      const power = { torn: false };
      // What was acknowledged stays: it is the commit under way that the power failed in.
      victim.doom({
        ...{ nth, applied: true, at: 'append' },
        onDeath: () => {
          for (const one of alive()) one.kill();
          power.torn = files.tear();
        },
      });
      void victim.connection().then(
        (connection) => connection.sync({ full: true }).catch(() => undefined),
        () => undefined,
      );
      await wait(3 * MINUTE);
      victim.spare();
      if (alive().length > 0) return false;
      say(`the power failed${power.torn ? ' in the middle of a commit' : ''}`);
      await start();
      return power.torn;
    },
  };

  return {
    ...scene,
    trace: () => trace,
    calm: async () => {
      simulator.faults.clear();
      network.heal();
      troubles.heal();
      for (const permission of ['users', 'members-limited'] as const) simulator.directory.grant(permission);
      await finish(office.flush());
      if (alive().length === 0) await start();
    },
    close: async () => {
      simulator.faults.clear();
      network.heal();
      troubles.heal();
      await finish(Promise.all(alive().map((one) => one.stop())));
      await Promise.all(processes.map((one) => one.release().catch(() => undefined)));
      await simulator.close();
      await files.remove();
    },
  };
};
