import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SeedResult } from './live-seed.js';
import { counted, nothingLived, type Tally } from './tally.js';

export type SeedRun = {
  readonly from: number;
  readonly seeds: number;
  /** Lived first, whatever the range is. */
  readonly kept: ReadonlyArray<number>;
  readonly workers: number;
  /** No further seed begins after so many minutes, once `atLeast` were lived. */
  readonly minutes?: number | undefined;
  readonly atLeast?: number | undefined;
  /** Goes on from there. */
  readonly standing?: { readonly next: number; readonly tally: Tally } | undefined;
  /** Told at once. */
  readonly onWrong?: (result: SeedResult) => void;
  /** Told now and then: every seed below `next` has been lived. */
  readonly onProgress?: (standing: { readonly next: number; readonly tally: Tally }) => void;
};

const program = fileURLToPath(new URL('sim.js', import.meta.url));

/** One seed after the other in a process of its own, which is asked for the next when it answered. */
const openWorker = (): { readonly live: (seed: number) => Promise<SeedResult>; readonly close: () => void } => {
  const child: ChildProcess = fork(program, ['--worker'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    live: (seed) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null): void =>
          reject(new Error(`The process that lived seed ${String(seed)} ended with ${String(code)}.`));
        child.once('exit', ended);
        child.once('message', (result) => {
          child.off('exit', ended);
          resolve(result as SeedResult);
        });
        child.send(seed);
      }),
    close: () => child.kill(),
  };
};

/** Lives through many seeds side by side; the order in which they end changes nothing. */
export const runSeeds = async (run: SeedRun): Promise<Tally> => {
  const { from, seeds, kept, minutes = Infinity, atLeast = 0, onProgress } = run;
  let tally = run.standing?.tally ?? nothingLived;
  let next = run.standing?.next ?? from;
  const open = new Set<number>();
  const waiting = run.standing === undefined ? [...kept] : [];
  const end = performance.now() + minutes * 60_000;
  const draw = (): number | undefined => {
    const first = waiting.shift();
    if (first !== undefined) return first;
    const isOver = performance.now() > end && tally.lived >= atLeast;
    if (next >= from + seeds || isOver) return undefined;
    next += 1;
    return next - 1;
  };
  const work = async (): Promise<void> => {
    const worker = openWorker();
    try {
      for (let seed = draw(); seed !== undefined; seed = draw()) {
        open.add(seed);
        const result = await worker.live(seed);
        tally = counted(tally, result);
        open.delete(seed);
        if (result.wrong !== null) run.onWrong?.(result);
        if (tally.lived % 50 === 0) onProgress?.({ next: Math.min(next, ...open), tally });
      }
    } finally {
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: run.workers }, work));
  return tally;
};
