import type { LearnAmpWorld } from '../rest/rest-settings.js';

/** Long enough for a write that was still under way, or for a replica to follow. */
const pauseMs = 2000;

/**
 * Looks for what a write without an answer may have made; where nothing is there, waits and looks once more: the write
 * may finish after we stopped listening. `undefined` where nothing was found twice, or the wait was aborted.
 */
export const askTwice = async <A>(
  world: LearnAmpWorld,
  signal: AbortSignal | undefined,
  ask: () => Promise<A | undefined>,
): Promise<A | undefined> => {
  const first = await ask();
  if (first !== undefined) return first;
  try {
    await world.sleep(pauseMs, signal);
  } catch {
    return undefined;
  }
  return ask();
};
