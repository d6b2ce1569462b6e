import type { EngineWorld } from './sync-engine.js';

/** A sleep that can be cut short. Holds one timer while it lasts, and nothing afterwards. */
export type Nap = {
  /** Resolves after the time, or when woken. A wake-up that came before is kept for the next nap. */
  readonly take: (milliseconds: number) => Promise<void>;
  readonly wake: () => void;
};

export const makeNap = (world: Pick<EngineWorld, 'sleep'>): Nap => {
  let current: AbortController | undefined;
  let woken = false;
  return {
    take: async (milliseconds) => {
      if (!woken && milliseconds > 0) {
        const controller = new AbortController();
        current = controller;
        await world.sleep(milliseconds, controller.signal).catch((cause: unknown) => {
          if (!controller.signal.aborted) throw cause;
        });
        current = undefined;
      }
      woken = false;
    },
    wake: () => {
      woken = true;
      current?.abort();
    },
  };
};
