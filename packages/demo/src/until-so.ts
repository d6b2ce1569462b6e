import { setTimeout as wait } from 'node:timers/promises';
import { CheckFailed } from './check.js';

/** Far beyond what a notified change takes, on a machine that is busy with other things too. */
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** Seconds until it is so, in words (`1.3 s`). Rejects after a minute, and at once when the demo is stopped. */
export const untilSo = async (what: string, isSo: () => boolean, signal: AbortSignal): Promise<string> => {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > LIMIT_MS) throw new CheckFailed(`This did not happen within a minute: ${what}`);
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
  return `${((performance.now() - began) / 1_000).toFixed(1)} s`;
};

/** Resolves once the number has stayed the same for so long. */
export const untilStill = async (number: () => number, forMs: number, signal: AbortSignal): Promise<void> => {
  let [seen, since] = [number(), performance.now()];
  const isStill = (): boolean => {
    const now = number();
    if (now !== seen) [seen, since] = [now, performance.now()];
    return performance.now() - since >= forMs;
  };
  await untilSo('a moment without requests', isStill, signal);
};
