/**
 * What the calls of one client share about Learn Amp's rate limit, which is documented as a status and not as a number: how many
 * go at once and how far apart, learned from what was served and what was refused.
 *
 * Guarantees: before the first refusal nothing is held back. A refusal (429) halves how many go at once and spaces what
 * follows to nine tenths of what Learn Amp was seen to serve, waits included; where it named no time, all pause together, longer each time until something is
 * served. Both grow again by small steps with every twenty that were served, so that a limit is tried rarely: once learned,
 * fewer than one request in ten is refused. Time in which nobody wanted anything is not counted.
 */
import { backoff } from './backoff.js';

export type TurnReport = 'answered' | 'throttled-as-told' | 'throttled' | 'lost';

/** The right to send one request; `leave` is called when its attempt is over. */
export type Turn = { readonly leave: (report: TurnReport) => void };

export type Governor = {
  /** A call begins; what is returned ends it. The time between, waits included, is time in which something was wanted. */
  readonly want: () => () => void;
  /**
   * Waits for its turn and for the distance to the request before; `undefined` where a signal aborted: whoever is gone keeps no
   * place in the queue.
   */
  readonly enter: (
    sleep: (milliseconds: number) => Promise<'over' | 'aborted'>,
    signals?: ReadonlyArray<AbortSignal>,
  ) => Promise<Turn | undefined>;
  /** How many may go at once, and a second, now; `undefined` is unlimited. For tests and a status page. */
  readonly reading: () => { readonly atOnce: number; readonly perSecond: number | undefined };
};

const mostAtOnce = 64;
/** So many served in a row allow one step more. */
const stepAfter = 20;
const smallestStep = 0.05;
/** Of what was served, so that the next window is not overrun. */
const safety = 0.9;
/** One in half a minute is sent whatever happens, and at more than this nothing is spaced any more. */
const slowest = 1 / 30_000;
const fastest = 0.25;

/** Time in which somebody wanted something; what passes while nobody does says nothing about Learn Amp. */
const makeBusyTime = (now: () => number) => {
  let passed = 0;
  let since: number | undefined;
  let wanting = 0;
  const running = (): number => (since === undefined ? 0 : Math.max(0, now() - since));
  return {
    join: (): void => {
      if (wanting === 0) since = now();
      wanting += 1;
    },
    leave: (): void => {
      wanting -= 1;
      if (wanting > 0) return;
      passed += running();
      since = undefined;
    },
    milliseconds: (): number => passed + running(),
    reset: (): void => {
      passed = 0;
      if (since !== undefined) since = now();
    },
  };
};

export const makeGovernor = ({
  now,
  random,
}: {
  readonly now: () => Date;
  readonly random: () => number;
}): Governor => {
  const at = (): number => now().getTime();
  const busy = makeBusyTime(at);
  const queue: Array<() => void> = [];
  let running = 0;
  let width = mostAtOnce;
  /** Per millisecond; `undefined` until Learn Amp refused something. */
  let rate: number | undefined;
  let nextStart = 0;
  let pausedUntil = 0;
  let readAt = 0;
  /** Since the last refusal that came after something was served. */
  let served = 0;
  let inARow = 0;
  let steps = 0;
  let refusals = 0;
  /** What began before the last refusal says nothing about the time after it. */
  let generation = 0;

  const pump = (): void => {
    while (running < Math.floor(width)) {
      const start = queue.shift();
      if (start === undefined) return;
      running += 1;
      start();
    }
  };
  const turn = (signals: ReadonlyArray<AbortSignal>): Promise<'turn' | 'aborted'> =>
    new Promise((resolve) => {
      const settle = (came: 'turn' | 'aborted'): void => {
        for (const signal of signals) signal.removeEventListener('abort', leaveQueue);
        resolve(came);
      };
      const begin = (): void => settle('turn');
      const leaveQueue = (): void => {
        queue.splice(queue.indexOf(begin), 1);
        settle('aborted');
      };
      if (signals.some((signal) => signal.aborted)) {
        resolve('aborted');
        return;
      }
      queue.push(begin);
      for (const signal of signals) signal.addEventListener('abort', leaveQueue, { once: true });
      pump();
    });

  const grow = (): void => {
    inARow += 1;
    if (inARow < stepAfter) return;
    inARow = 0;
    width = Math.min(mostAtOnce, width + 1);
    if (rate === undefined) return;
    rate *= 1 + Math.min(1, smallestStep * 2 ** steps);
    steps += 1;
    if (rate > fastest) rate = undefined;
  };

  const shrink = (): void => {
    inARow = 0;
    steps = 0;
    width = Math.max(1, Math.floor(Math.min(width, running) / 2));
    if (served === 0) return;
    rate = Math.max(slowest, (safety * served) / Math.max(1, busy.milliseconds()));
    served = 0;
    busy.reset();
  };

  const refused = (told: boolean, begunIn: number): void => {
    if (begunIn !== generation) return;
    generation += 1;
    shrink();
    if (!told) pausedUntil = at() + backoff(refusals, () => 0.5 + random() / 2);
    refusals += 1;
  };

  const heed = (report: TurnReport, begunIn: number): void => {
    if (report === 'answered') {
      served += 1;
      refusals = 0;
      if (begunIn === generation) grow();
    }
    if (report === 'throttled' || report === 'throttled-as-told') refused(report === 'throttled-as-told', begunIn);
  };

  /** When this request may go; the one after it goes later by the distance. */
  const reserve = (): number => {
    const time = at();
    // A clock that was set back: what was reserved before is no reason to wait for days.
    if (time < readAt) {
      nextStart = 0;
      pausedUntil = 0;
    }
    readAt = time;
    const start = Math.max(time, nextStart, pausedUntil);
    nextStart = rate === undefined ? 0 : start + 1 / rate;
    return start - time;
  };

  const leave = (): void => {
    running -= 1;
    pump();
  };

  return {
    want: () => {
      busy.join();
      return busy.leave;
    },
    reading: () => ({ atOnce: Math.floor(width), perSecond: rate === undefined ? undefined : rate * 1000 }),
    enter: async (sleep, signals = []) => {
      if ((await turn(signals)) === 'aborted') return undefined;
      for (let wait = reserve(); wait > 0; wait = pausedUntil > at() ? reserve() : 0) {
        if ((await sleep(wait)) === 'over') continue;
        leave();
        return undefined;
      }
      const begunIn = generation;
      return {
        leave: (report) => {
          // First what it means for the others, then the turn: nobody slips through before.
          heed(report, begunIn);
          leave();
        },
      };
    },
  };
};
