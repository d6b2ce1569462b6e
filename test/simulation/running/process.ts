import {
  decodePreferences,
  openLearnAmpRest,
  openSyncEngine,
  withAvatars,
  type ConnectionOptions,
  type DirectorySync,
  type Stores,
  type SyncEngine,
  type SyncReport,
} from '@learnamp/directory-sync';
import { randomFrom, type Simulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import type { Scheduler } from '../../scheduler/make-scheduler.js';
import { avatarsOf } from '../../support/avatars.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../../support/simulator-settings.js';
import type { Wishes } from '../oracle-rules.js';
import type { Network } from './network.js';
import type { Place, StoreTroubles } from './store-troubles.js';
import { storesThrough, type Crossing } from './watched-stores.js';

/** Where a process is to end: at its n-th crossing from now on, before or after that took effect. */
export type Death = {
  readonly nth: number;
  readonly applied: boolean;
  /** Only crossings there count. */
  readonly at?: Place;
  /** Before anybody else takes a step. */
  readonly onDeath?: () => void;
};

/** What a process finds around it; all of it outlives the process. */
export type Surroundings = {
  readonly seed: number;
  readonly simulator: Simulator;
  readonly scheduler: Scheduler;
  /** The clock of the host, which may be wrong. Graph and Learn Amp have the scheduler's. */
  readonly hostNow: () => Date;
  readonly troubles: StoreTroubles;
  readonly network: Network;
  /** As they stand now; they may be changed while it runs. */
  readonly wishes: () => Wishes;
  readonly secret: () => string;
  readonly openStores: () => Promise<Stores>;
  readonly onReport: (actor: string, report: SyncReport) => void;
  readonly photos: boolean;
};

/** One process of the host: an engine that runs by itself. */
export type Process = {
  readonly actor: string;
  readonly engine: SyncEngine;
  readonly isAlive: () => boolean;
  /** Ends it at a crossing. */
  readonly doom: (death: Death) => { readonly hits: () => number };
  /** It lives on after all, where it has not died yet. */
  readonly spare: () => void;
  /** Ends it where it stands. */
  readonly kill: () => void;
  /** The connection, once it is open: a host that cannot open it tries again. */
  readonly connection: () => Promise<DirectorySync>;
  /** The connection goes and comes with the preferences as they are now. */
  readonly reconnect: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The files that a dead process still has open. */
  readonly release: () => Promise<void>;
};

const CONNECTION = 'fabrikam';
const forever = <T>(): Promise<T> => new Promise(() => undefined);
const DEAD = Symbol('dead');
const PATIENCE_MS = 15_000;
const POLL_SECONDS = 120;

export const publicUrl = 'http://127.0.0.1:9/notifications';

/** Looks at the log and heartbeats come every few seconds for months: seldom enough to live through hours in little time. */
const seldom = (milliseconds: number): number =>
  milliseconds <= 10_000 ? Math.max(milliseconds, 7_000) : milliseconds;

class DeadProcess extends Error {}

/** What kills a process, and makes its calls fail. */
const makeCrossing = (around: Surroundings, actor: string) => {
  const { scheduler, troubles } = around;
  const life = { ended: false, death: undefined as Death | undefined, left: 0, died: 0 };
  // Asked, not read: it may have ended while something was waited for.
  const hasEnded = (): boolean => life.ended;
  const isDue = (place: Place): boolean => {
    if (life.death === undefined || (life.death.at ?? place) !== place) return false;
    life.left -= 1;
    return life.left === 0;
  };
  const struck = async <T>(place: Place, run: () => Promise<T>): Promise<T> => {
    const trouble = troubles.strike(place);
    if (trouble === undefined) return run();
    if (trouble.after) await run();
    throw trouble.error;
  };
  const crossing: Crossing = {
    cross: async (place, what, run) => {
      if (hasEnded()) return forever();
      const outcome = await scheduler.step(actor, what, async () => {
        if (hasEnded()) return DEAD;
        if (!isDue(place)) return struck(place, run);
        life.ended = true;
        life.died += 1;
        if (life.death?.applied === true) await run().catch(() => undefined);
        life.death?.onDeath?.();
        return DEAD;
      });
      return outcome === DEAD || hasEnded() ? forever() : outcome;
    },
    crossNow: (place, run) => {
      if (hasEnded()) throw new DeadProcess();
      const trouble = troubles.strike(place);
      if (trouble === undefined) return run();
      if (trouble.after) run();
      throw trouble.error;
    },
  };
  return { life, hasEnded, crossing };
};

const connectionFor = (
  around: Surroundings,
  world: Required<Parameters<typeof openSyncEngine>[0]>['world'],
  crossing: Crossing,
): ConnectionOptions => {
  const { simulator } = around;
  const preferences = decodePreferences(around.wishes(), 'preferences');
  if (E.isLeft(preferences)) throw new Error(JSON.stringify(preferences.left));
  const graph = graphSettingsOf(simulator, PATIENCE_MS);
  const { authorityUrl: authority, clientId } = simulator;
  const rest = openLearnAmpRest(learnAmpSettingsOf(simulator, preferences.right.externalId, PATIENCE_MS), world);
  const host = avatarsOf(simulator);
  return {
    connectionId: CONNECTION,
    tenantId: idOf(simulator.tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences: preferences.right,
    graph: { ...graph, auth: { kind: 'client-secret', authority, clientId, clientSecret: around.secret } },
    learnAmp: around.photos
      ? withAvatars(rest, {
          ...host,
          set: (given, options) => crossing.cross('avatar', 'sets an avatar', () => host.set(given, options)),
          clear: (given, options) => crossing.cross('avatar', 'clears an avatar', () => host.clear(given, options)),
        })
      : rest,
    settings: {
      graphBaseUrl: simulator.graphUrl,
      graphCredential: 'client-secret simulation',
      learnAmpBaseUrl: simulator.learnAmpUrl,
    },
    schedule: { pollSeconds: POLL_SECONDS },
  };
};

/** Starts an engine over the stores, as a host does: with notifications, and trying again where it cannot begin. */
export const startProcess = async (around: Surroundings, actor: string): Promise<Process> => {
  const { scheduler, seed, onReport } = around;
  const { life, hasEnded, crossing } = makeCrossing(around, actor);
  const random = randomFrom(seed, `process ${actor}`);
  const eventIds = randomFrom(seed, `events of ${actor}`);
  const raw = await around.openStores();
  const asLongAsAlive = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    if (hasEnded()) return forever();
    await scheduler.sleep(seldom(milliseconds), signal);
    return hasEnded() ? forever() : undefined;
  };
  const world = {
    now: around.hostNow,
    sleep: asLongAsAlive,
    random: random.next,
    newId: random.uuid,
    newEventId: eventIds.uuid,
    fetch: ((input: string, init?: RequestInit) =>
      crossing.cross('network', `asks ${new URL(input).pathname.split('/').slice(0, 3).join('/')}`, () =>
        around.network.fetch(input, init),
      )) as typeof globalThis.fetch,
  };
  const engine = openSyncEngine({
    stores: storesThrough(raw, crossing),
    notifications: { publicUrl },
    onCycle: ({ report }) => onReport(actor, report),
    world,
  });
  let stopping = false;
  const add = async (): Promise<DirectorySync> => {
    for (;;) {
      try {
        return await engine.add(connectionFor(around, world, crossing));
      } catch (cause) {
        if (stopping) throw cause;
        await asLongAsAlive(20_000);
      }
    }
  };
  let open = add();
  open.catch(() => undefined);
  engine.start();
  return {
    actor,
    engine,
    isAlive: () => !hasEnded(),
    doom: (death) => {
      const before = life.died;
      life.death = death;
      life.left = death.nth;
      return { hits: () => life.died - before };
    },
    spare: () => {
      life.death = undefined;
    },
    kill: () => {
      life.ended = true;
    },
    connection: () => open,
    reconnect: async () => {
      open = open.then(async () => {
        await engine.remove(CONNECTION);
        return add();
      });
      open.catch(() => undefined);
      await open;
    },
    stop: async () => {
      stopping = true;
      await engine.stop({ deadlineMs: 10_000 });
    },
    release: async () => {
      await Promise.all([
        raw.log.close(),
        raw.keys.close(),
        raw.cache.close(),
        raw.inbox.close(),
        raw.projections.close(),
      ]);
    },
  };
};
