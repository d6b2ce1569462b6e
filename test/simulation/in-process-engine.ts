import {
  createDirectorySync,
  decodePreferences,
  type DirectorySync,
  mappedAttributes,
  type Stores,
} from '@learnamp/directory-sync';
import { openMicrosoftGraph } from '@learnamp/directory-sync-graph';
import { openLearnAmpRest } from '@learnamp/directory-sync-learn-amp';
import type { Random } from '@learnamp/directory-sync-simulator';
import * as E from 'fp-ts/lib/Either.js';
import { graphSettingsOf, idOf, learnAmpSettingsOf } from '../support/simulator-settings.js';
import type { RandomCompany } from './random-company.js';

/** How this process ends before its time: at its n-th request or append, before or after that took effect. */
export type Death = { readonly at: 'request' | 'append'; readonly nth: number; readonly applied: boolean };

export type EngineProcess = {
  readonly engine: DirectorySync;
  /** From now on: dies there, or aborts the signal there. Counting starts anew. */
  readonly doom: (death: Death | undefined, onDeath: () => void) => void;
};

const forever = <T>(): Promise<T> => new Promise(() => undefined);

/** One process over the stores: the genuine clients, with both systems at the injected fetch and waits that cost nothing. */
export const startEngineProcess = (company: RandomCompany, stores: Stores, random: Random): EngineProcess => {
  const { simulator, wishes, clock } = company;
  const decoded = decodePreferences(wishes, 'preferences');
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  const preferences = decoded.right;

  let alive = true;
  let death: Death | undefined;
  let onDeath = (): void => undefined;
  const counted = { request: 0, append: 0 };
  /** Runs one outward step of a process that may die at it; what a dead process does has no effect and no end. */
  const step = async <T>(at: Death['at'], run: () => Promise<T>): Promise<T> => {
    if (!alive) return forever();
    counted[at] += 1;
    if (death?.at !== at || counted[at] !== death.nth) return run();
    alive = false;
    if (death.applied) await run().catch(() => undefined);
    onDeath();
    return forever();
  };

  const world = {
    fetch: ((input: string, init?: RequestInit) => {
      clock.advance(random.integer(1, 40));
      return step('request', () => simulator.fetch(input, init));
    }) as typeof globalThis.fetch,
    now: clock.now,
    random: random.next,
    sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted();
      clock.advance(milliseconds);
      return Promise.resolve();
    },
    newId: random.uuid,
  };
  const patienceMs = 15_000;
  const engine = createDirectorySync({
    connectionId: 'fabrikam',
    tenantId: idOf(simulator.tenantId),
    groupId: idOf(simulator.scopeGroupId),
    preferences,
    ...stores,
    log: {
      ...stores.log,
      append: (stream, expected, records) => () => step('append', stores.log.append(stream, expected, records)),
    },
    directory: openMicrosoftGraph(
      {
        tenantId: simulator.tenantId,
        ...graphSettingsOf(simulator, patienceMs),
        customAttributes: mappedAttributes(preferences),
      },
      world,
    ),
    learnAmp: openLearnAmpRest(learnAmpSettingsOf(simulator, preferences.externalId, patienceMs), world),
    settings: {
      graphBaseUrl: simulator.graphUrl,
      graphCredential: 'client-secret simulation',
      learnAmpBaseUrl: simulator.learnAmpUrl,
    },
    world: { now: clock.now, newId: random.uuid },
    concurrency: random.integer(1, 6),
  });
  return {
    engine,
    doom: (planned, told) => {
      death = planned;
      onDeath = told;
      counted.request = 0;
      counted.append = 0;
    },
  };
};
