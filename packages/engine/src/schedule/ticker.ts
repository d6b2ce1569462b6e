import { makeNap } from './nap.js';
import type { EngineWorld } from './sync-engine.js';

/** Runs something again and again, so many milliseconds after it ended, until it is stopped. */
export type Ticker = {
  readonly start: () => void;
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>;
};

export const makeTicker = (world: Pick<EngineWorld, 'sleep'>, everyMs: number, run: () => Promise<unknown>): Ticker => {
  const nap = makeNap(world);
  let stopping = false;
  let loop: Promise<void> | undefined;
  /** A stop during a run wakes the nap that follows it. */
  const go = async (): Promise<void> => {
    while (!stopping) {
      await run();
      await nap.take(everyMs);
    }
  };
  return {
    start: () => {
      loop ??= go();
    },
    stop: async () => {
      stopping = true;
      nap.wake();
      await loop;
    },
  };
};
