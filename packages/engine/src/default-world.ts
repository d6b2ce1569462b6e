import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DirectorySource, GraphSettings, GraphWorld } from '@learnamp/directory-sync-graph';
import { makeNetwork, openMicrosoftGraph as openGraph } from '@learnamp/directory-sync-graph';
import type {
  CheckOptions,
  LearnAmpCheck,
  LearnAmpPort,
  LearnAmpSettings,
  LearnAmpWorld,
} from '@learnamp/directory-sync-learn-amp';
import { checkLearnAmp as check, openLearnAmpRest as openRest } from '@learnamp/directory-sync-learn-amp';

const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  wait(milliseconds, undefined, signal === undefined ? {} : { signal });

/** The real clock and randomness, and a network of its own that the returned `close` frees. */
export const realWorld = (options: { readonly connections?: number | undefined } = {}) => {
  const network = makeNetwork(options);
  const world: GraphWorld = {
    fetch: network.fetch,
    now: () => new Date(),
    random: Math.random,
    sleep,
    newId: randomUUID,
  };
  return { world, close: network.close };
};

/** Microsoft Graph over the real network; any part of the world can be replaced (tests put their own `fetch` below the client). */
export const openMicrosoftGraph = (settings: GraphSettings, world: Partial<GraphWorld> = {}): DirectorySource => {
  const real = realWorld();
  const source = openGraph(settings, { ...real.world, ...world });
  return { ...source, close: () => source.close().finally(real.close) };
};

/** Learn Amp's REST API over the real network. */
export const openLearnAmpRest = (settings: LearnAmpSettings, world: Partial<LearnAmpWorld> = {}): LearnAmpPort => {
  const real = realWorld();
  const port = openRest(settings, { ...real.world, ...world });
  return { ...port, close: () => port.close().finally(real.close) };
};

/**
 * Looks at what the engine relies on in a real Learn Amp, over the real network: credentials, scopes, and how it answers. Reads
 * only; each check ends in one sentence.
 *
 * @example
 * for await (const { check, result, says } of checkLearnAmp(settings)) console.log(`${result} ${check}: ${says}`);
 */
export async function* checkLearnAmp(
  settings: LearnAmpSettings,
  options: CheckOptions = {},
  world: Partial<LearnAmpWorld> = {},
): AsyncGenerator<LearnAmpCheck, void> {
  const real = realWorld();
  try {
    yield* check(settings, { ...real.world, ...world }, options);
  } finally {
    await real.close();
  }
}
