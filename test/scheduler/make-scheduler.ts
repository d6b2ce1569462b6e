import type { Random } from '@learnamp/directory-sync-simulator';

/**
 * Concurrent work in an order that a seed decides. Every step that an actor takes to a file or to the network stands and
 * waits until it is drawn; while one is under way no other is. Time stands still but where the scheduler lets it pass, which
 * it may do while steps are waiting: then the actors they belong to have slept.
 *
 * The same seed gives the same order, as far as what is scheduled does the same: nothing else draws from its randomness.
 */
export type Scheduler = {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly step: <T>(actor: string, what: string, run: () => Promise<T>) => Promise<T>;
  /** Goes on until the condition holds; rejects where it does not within so many milliseconds of its time. */
  readonly until: (condition: () => boolean, withinMs: number) => Promise<void>;
  /** The clock is set forward, or back: what should have been woken meanwhile is woken late. */
  readonly jump: (milliseconds: number) => void;
  /** What was drawn, in order. */
  readonly trace: () => ReadonlyArray<string>;
};

type Parked = { readonly label: string; readonly go: () => void };
type Timer = { readonly at: number; readonly ring: () => void };

/** Turns of the event loop without any activity after which nothing moves by itself. */
const QUIET_TURNS = 4;
/** How often time passes although somebody could move. */
const SLEEPINESS = 0.03;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const makeScheduler = (random: Random, start = Date.parse('2026-01-05T08:00:00Z')): Scheduler => {
  let parked: Parked[] = [];
  const timers = new Set<Timer>();
  const trace: string[] = [];
  let at = start;
  let activity = 0;
  let underWay = 0;

  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      const seen = activity;
      await turn();
      quiet = seen === activity && underWay === 0 ? quiet + 1 : 0;
    }
  };

  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (next === undefined || timer.at < next.at) next = timer;
    return next;
  };

  /** One step, or time up to the next timer. False where nobody can move any more within the time. */
  const move = (end: number): boolean => {
    const timer = nextTimer();
    const canWait = timer !== undefined && timer.at <= end;
    if (parked.length > 0 && !(canWait && random.chance(SLEEPINESS))) {
      const drawn = parked[random.integer(0, parked.length - 1)];
      parked = parked.filter((one) => one !== drawn);
      trace.push(drawn?.label ?? '');
      drawn?.go();
      return true;
    }
    if (!canWait) return false;
    at = Math.max(at, timer.at);
    timer.ring();
    return true;
  };

  return {
    now: () => new Date(at),
    trace: () => trace,
    jump: (milliseconds) => {
      at += milliseconds;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        activity += 1;
        const gone = (): void => {
          timers.delete(timer);
          activity += 1;
          reject(signal?.reason as Error);
        };
        const timer: Timer = {
          at: at + milliseconds,
          ring: () => {
            timers.delete(timer);
            signal?.removeEventListener('abort', gone);
            activity += 1;
            resolve();
          },
        };
        timers.add(timer);
        if (signal?.aborted === true) gone();
        else signal?.addEventListener('abort', gone, { once: true });
      }),
    step: async (actor, what, run) => {
      activity += 1;
      await new Promise<void>((go) => parked.push({ label: `${actor} ${what}`, go }));
      underWay += 1;
      try {
        return await run();
      } finally {
        underWay -= 1;
        activity += 1;
      }
    },
    until: async (condition, withinMs) => {
      const end = at + withinMs;
      await settle();
      while (!condition()) {
        if (!move(end))
          throw new Error(`The condition did not hold within ${withinMs} ms; ${parked.length} steps wait.`);
        await settle();
      }
    },
  };
};
