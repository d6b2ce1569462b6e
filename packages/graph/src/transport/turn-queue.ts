import type { Priority } from '../directory-source.js';

/** A place in the queue of one tenant: joined, perhaps waiting at the closed gate, waiting for its turn, running, gone. */
export type Ticket = {
  /** Between the two the request sleeps until the gate opens: it counts as queued work, and what is less urgent stays behind it. */
  readonly waitAtGate: () => void;
  /** `pausing`: it sleeps on for a reason of its own, and others need not wait for it. */
  readonly passedGate: (pausing: boolean) => void;
  /** Resolves when it is this request's turn; rejects when the signal aborts. */
  readonly turn: (signal: AbortSignal) => Promise<void>;
  /** Gives the turn back without having used it, and keeps the place. */
  readonly giveBack: () => void;
  /** Ends it, whatever it waits for. May be called twice. */
  readonly leave: () => void;
};

export type QueueLimits = {
  readonly mostAtOnce: number;
  readonly mostQueued: number;
  /** What waited so long goes as the next more urgent class: nothing waits for ever behind others. */
  readonly agesAfterMs: number;
};

const ranks: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

type Entry = {
  readonly priority: Priority;
  readonly since: number;
  /** Who asks: readers of one class take turns. */
  readonly reader: string;
  standing: 'joined' | 'at-gate' | 'ready' | 'running' | 'gone';
  start: () => void;
};

/**
 * Turns of one tenant. Invariants: never more than `mostAtOnce` run, and low-priority work takes half of them at most;
 * what is more urgent goes first, within one class the reader whose
 * last turn is longest ago, and of one reader who came first; low-priority work waits while any other work is
 * queued, until it has waited for `agesAfterMs`; never more than `mostQueued` wait.
 */
export const makeTurnQueue = (now: () => number, limits: QueueLimits, mostNow: () => number) => {
  const entries = new Set<Entry>();
  /** When each reader had its last turn, counted in turns. */
  const served = new Map<string, number>();
  let turns = 0;
  const mostLow = Math.max(1, Math.floor(limits.mostAtOnce / 2));
  const count = (matches: (entry: Entry) => boolean): number => [...entries].filter(matches).length;
  const running = (entry: Entry): boolean => entry.standing === 'running';
  const aged = (entry: Entry): boolean => now() - entry.since >= limits.agesAfterMs;
  const rank = (entry: Entry): number => ranks[entry.priority] - (entry.priority === 'low' && aged(entry) ? 1 : 0);
  const isLow = (entry: Entry): boolean => entry.priority === 'low';

  const isAhead = (entry: Entry, best: Entry): boolean => {
    const byRank = rank(entry) - rank(best);
    return byRank < 0 || (byRank === 0 && (served.get(entry.reader) ?? 0) < (served.get(best.reader) ?? 0));
  };

  /** Insertion order is the order of arrival, so the first of the best is the one. */
  const nextOf = (): Entry | undefined => {
    const othersAtGate = count((entry) => entry.standing === 'at-gate' && !isLow(entry)) > 0;
    const lowIsFull = count((entry) => running(entry) && isLow(entry)) >= mostLow;
    let best: Entry | undefined;
    for (const entry of entries) {
      if (entry.standing !== 'ready') continue;
      if (isLow(entry) && (lowIsFull || (othersAtGate && !aged(entry)))) continue;
      if (best === undefined || isAhead(entry, best)) best = entry;
    }
    return best;
  };

  const pump = (): void => {
    while (count(running) < Math.min(mostNow(), limits.mostAtOnce)) {
      const next = nextOf();
      if (next === undefined) return;
      next.standing = 'running';
      turns += 1;
      served.set(next.reader, turns);
      next.start();
    }
  };

  const waitForTurn = (entry: Entry, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        entry.standing = 'joined';
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        pump();
      };
      entry.start = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      entry.standing = 'ready';
      pump();
    });

  const to = (entry: Entry, standing: Entry['standing']): void => {
    if (entry.standing === 'gone') return;
    entry.standing = standing;
    if (standing === 'gone') entries.delete(entry);
  };
  const toAndOn = (entry: Entry, standing: Entry['standing']): void => {
    to(entry, standing);
    pump();
  };

  return {
    /** `undefined` where the queue is full. */
    join: (priority: Priority, reader = ''): Ticket | undefined => {
      if (count((entry) => !running(entry)) >= limits.mostQueued) return undefined;
      const entry: Entry = { priority, reader, since: now(), standing: 'joined', start: () => undefined };
      entries.add(entry);
      return {
        waitAtGate: () => to(entry, 'at-gate'),
        // Not on at once: what woke up with it and is less urgent would slip through before it asks for its turn.
        passedGate: (pausing) => (pausing ? toAndOn : to)(entry, 'joined'),
        turn: (signal) => waitForTurn(entry, signal),
        giveBack: () => toAndOn(entry, 'joined'),
        leave: () => toAndOn(entry, 'gone'),
      };
    },
    inFlight: (): number => count(running),
    queued: (): Readonly<Record<Priority, number>> => {
      const waiting = (priority: Priority): number => count((entry) => entry.priority === priority && !running(entry));
      return { high: waiting('high'), normal: waiting('normal'), low: waiting('low') };
    },
  };
};
