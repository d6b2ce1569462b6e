import type { SyncReport, SyncTrigger } from '../directory-sync.js';
import { makeTurns } from '../record/turns.js';
import type { CycleRequest } from './cycle-request.js';

/** The most deliberate trigger names the cycle. */
const ranks: Readonly<Record<SyncTrigger, number>> = { full: 0, manual: 1, notification: 2, schedule: 3 };

const confirmAny = (requests: ReadonlyArray<CycleRequest>): CycleRequest['confirmFirstSync'] => {
  const asked = requests.flatMap(({ confirmFirstSync }) => confirmFirstSync ?? []);
  // Somebody who does not want to be asked has agreed already.
  if (asked.length < requests.length) return undefined;
  return async (counts) => {
    for (const confirm of asked) if (await confirm(counts)) return true;
    return false;
  };
};

const mostDeliberate = (requests: ReadonlyArray<CycleRequest>): SyncTrigger =>
  requests.reduce<SyncTrigger>((best, { trigger }) => (ranks[trigger] < ranks[best] ? trigger : best), 'schedule');

const join = (requests: ReadonlyArray<CycleRequest>, signal: AbortSignal): CycleRequest => ({
  trigger: mostDeliberate(requests),
  full: requests.some(({ full }) => full),
  reconciles: requests.some(({ reconciles }) => reconciles === true),
  onLook: (look) => {
    for (const { onLook } of requests) onLook?.(look);
  },
  photos: requests.some(({ photos }) => photos),
  actors: [...new Set(requests.flatMap(({ actors }) => actors))],
  notifications: requests.findLast(({ notifications }) => notifications !== undefined)?.notifications,
  // A person who waits for it is not kept waiting behind others.
  daily: requests.every(({ daily }) => daily === true),
  giveWay: requests.every(({ giveWay }) => giveWay === true),
  onProgress: (progress) => {
    for (const { onProgress } of requests) onProgress?.(progress);
  },
  confirmFirstSync: confirmAny(requests),
  signal,
});

/** Runs for all who asked; ends early only once each of them gave up. */
const runJoined = async (
  requests: ReadonlyArray<CycleRequest>,
  run: (request: CycleRequest) => Promise<SyncReport>,
): Promise<SyncReport> => {
  const controller = new AbortController();
  const check = (): void => {
    if (requests.every(({ signal }) => signal?.aborted === true)) controller.abort();
  };
  for (const { signal } of requests) signal?.addEventListener('abort', check, { once: true });
  check();
  try {
    return await run(join(requests, controller.signal));
  } finally {
    for (const { signal } of requests) signal?.removeEventListener('abort', check);
  }
};

/**
 * Cycles of one connection. Invariants: they never overlap (one serial cursor per stream); while one runs, exactly one more
 * is queued, for everybody who asks; it begins after the last of them asked, and all of them get its report.
 */
export type CycleQueue = {
  readonly request: (request: CycleRequest) => Promise<SyncReport>;
  /** For what may not run beside a cycle either. */
  readonly inTurn: <A>(run: () => Promise<A>) => Promise<A>;
  readonly isBusy: () => boolean;
  /** Somebody asked for a cycle that has not begun. */
  readonly isAwaited: () => boolean;
  /** Resolves when all that was asked for so far has ended. */
  readonly idle: () => Promise<void>;
};

export const makeCycleQueue = (run: (request: CycleRequest) => Promise<SyncReport>): CycleQueue => {
  const turns = makeTurns();
  let waiting: { readonly requests: CycleRequest[]; readonly report: Promise<SyncReport> } | undefined;
  let busy = 0;

  const inTurn = async <A>(work: () => Promise<A>): Promise<A> => {
    busy += 1;
    try {
      return await turns(work);
    } finally {
      busy -= 1;
    }
  };

  return {
    request: (request) => {
      if (waiting !== undefined) {
        waiting.requests.push(request);
        return waiting.report;
      }
      const requests = [request];
      const report = inTurn(() => {
        waiting = undefined;
        return runJoined(requests, run);
      });
      waiting = { requests, report };
      return report;
    },
    inTurn,
    isBusy: () => busy > 0,
    isAwaited: () => waiting !== undefined,
    idle: () => turns(() => Promise.resolve()),
  };
};
