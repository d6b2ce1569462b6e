import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDirectorySync,
  decodePreferences,
  type Avatars,
  type DirectorySync,
  mappedAttributes,
  type Stores,
  withAvatars,
} from '@learnamp/directory-sync';
import { openSqliteStores } from '@learnamp/directory-sync/sqlite';
import { openMicrosoftGraph } from '@learnamp/directory-sync-graph';
import { openLearnAmpRest } from '@learnamp/directory-sync-learn-amp';
import { randomFrom, type Simulator } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import type { Wishes } from '../simulation/oracle-rules.js';
import type { SharedClock } from '../simulation/random-company.js';
import { avatarsOf } from '../support/avatars.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../support/simulator-settings.js';
import { type Boundaries, HungUp, makeBoundaries, type Place } from './boundaries.js';
import { copyAsItStands, lastCommitOf, tearLastTransaction } from './torn-files.js';
import { watchedStores } from './watched-stores.js';

/** What a process needs from outside; files and clock outlive it. */
export type Surroundings = {
  readonly simulator: Simulator;
  readonly wishes: Wishes;
  readonly clock: SharedClock;
  /** All files of all incarnations stand below it. */
  readonly root: string;
};

/** One process over real files, whose every crossing is counted. */
export type Incarnation = {
  readonly engine: DirectorySync;
  readonly stores: Stores;
  readonly boundaries: Boundaries;
  /** Ends it, whatever is left; resolves with the folder that the next one is to open. */
  readonly end: () => Promise<string>;
};

const pathsIn = (folder: string) => ({
  logPath: join(folder, 'log.db'),
  keysPath: join(folder, 'log.db.keys'),
  localPath: join(folder, 'log.db.local'),
});

/** The file that a call at a boundary writes to. */
const fileOf = (folder: string, place: Place): string => {
  const { logPath, keysPath, localPath } = pathsIn(folder);
  if (place === 'append') return logPath;
  return place === 'keys' ? keysPath : localPath;
};

const writes: ReadonlySet<Place> = new Set(['append', 'keys', 'rows', 'cache', 'inbox']);

/** Half of the body arrives, then the connection is cut. */
const halfAnswer = (whole: Response): Response => {
  const cut = new TypeError('fetch failed', { cause: Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }) });
  if (whole.body === null) throw cut;
  const body = whole.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        controller.enqueue(chunk.subarray(0, Math.floor(chunk.length / 2)));
        controller.error(cut);
      },
    }),
  );
  return new Response(body, { status: whole.status, headers: whole.headers });
};

const placeOf = (simulator: Simulator, url: string): Place => {
  if (url.includes('/oauth')) return 'sign-in';
  return url.startsWith(new URL(simulator.graphUrl).origin) ? 'graph' : 'learn-amp';
};

const watchedAvatars = (avatars: Avatars, boundaries: Boundaries): Avatars => ({
  set: (given, options) => boundaries.cross('avatar', () => avatars.set(given, options)),
  clear: (given, options) => boundaries.cross('avatar', () => avatars.clear(given, options)),
});

const worldOf = ({ simulator, clock }: Surroundings, boundaries: Boundaries, seed: number) => {
  const random = randomFrom(seed, 'incarnation');
  return {
    fetch: (async (input: string, init?: RequestInit) => {
      clock.advance(3);
      return boundaries.cross(placeOf(simulator, input), () => simulator.fetch(input, init), halfAnswer);
    }) as typeof globalThis.fetch,
    now: clock.now,
    random: random.next,
    newId: random.uuid,
    sleep: async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted();
      if (boundaries.isDead()) throw new HungUp('graph');
      clock.advance(milliseconds);
    },
  };
};

const preferencesOf = (wishes: Wishes) => {
  const decoded = decodePreferences(wishes, 'preferences');
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  return decoded.right;
};

let incarnations = 0;

/** Opens the files of a folder as a new process does. */
export const incarnate = async (around: Surroundings, folder: string): Promise<Incarnation> => {
  const { simulator, wishes } = around;
  incarnations += 1;
  const image = join(around.root, `image-${incarnations}`);
  const files = Object.values(pathsIn(folder));
  const walOf = (below: string, place: Place): string => `${fileOf(below, place)}-wal`;
  const boundaries = makeBoundaries({
    noteBefore: (place) => (writes.has(place) ? lastCommitOf(walOf(folder, place)) : ''),
    onDeath: (place, before) => {
      copyAsItStands(files, image);
      if (before !== undefined && writes.has(place) && before !== lastCommitOf(walOf(image, place)))
        tearLastTransaction(walOf(image, place));
    },
  });
  const stores = await openSqliteStores(pathsIn(folder));
  const preferences = preferencesOf(wishes);
  const world = worldOf(around, boundaries, incarnations);
  const engine = createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(simulator.tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences,
    ...watchedStores(stores, boundaries),
    directory: openMicrosoftGraph(
      {
        tenantId: simulator.tenantId,
        ...graphSettingsOf(simulator, 15_000),
        customAttributes: mappedAttributes(preferences),
      },
      world,
    ),
    learnAmp: withAvatars(
      openLearnAmpRest(learnAmpSettingsOf(simulator, preferences.externalId, 15_000), world),
      watchedAvatars(avatarsOf(simulator), boundaries),
    ),
    settings: {
      graphBaseUrl: simulator.graphUrl,
      graphCredential: 'client-secret test',
      learnAmpBaseUrl: simulator.learnAmpUrl,
    },
    world: { now: around.clock.now, newId: world.newId },
    concurrency: 2,
  });
  return {
    ...{ engine, stores, boundaries },
    end: async () => {
      await engine.close().catch(() => undefined);
      return boundaries.isDead() ? image : folder;
    },
  };
};

export const openRoot = (): { readonly root: string; readonly remove: () => Promise<void> } => {
  // What dies here is a process that stands in for itself: no disk has to be waited for.
  const below = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const root = mkdtempSync(join(below, 'directory-sync-crash-'));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
};
