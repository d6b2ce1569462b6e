import { isResting } from '@learnamp/directory-sync-domain';
import type { CycleRequest } from '../connection/cycle-request.js';
import type { Connection } from '../connection/open-connection.js';
import { putAnswer } from '../connection/sync-answers.js';
import { DirectorySyncError, type SyncReport } from '../directory-sync.js';
import type { Envelope } from '../record/recorder.js';

/**
 * Who asked for a cycle, here and in other processes. Invariants: whoever asks is recorded at once, and each of their
 * wishes once for each cycle that begins after it; what another process asked is answered by a cycle that began with the request folded.
 */
export type SyncRequests = {
  /** Resolves with whether it is recorded; where it cannot be, the cycle records it or tells why not. */
  readonly record: (actor: string, full: boolean) => Promise<boolean>;
  /** What is asked from now on is asked of the next cycle. */
  readonly cycleBegins: () => void;
  /** The cycles that others ask for, among what they appended. */
  readonly askedBy: (others: ReadonlyArray<Envelope>) => ReadonlyArray<CycleRequest>;
  /** For those who wait in other processes: the report of a cycle that began with everything up to a revision. */
  readonly answer: (upTo: bigint | undefined, report: SyncReport) => Promise<void>;
};

/** Somebody let something go that waited: it is delivered now, and not with the next poll. */
const freeing: ReadonlySet<string> = new Set(['HeldCommandsApproved', 'RetryRequested']);

/** The cycle that delivers what somebody decided. */
export const afterDecision: CycleRequest = { trigger: 'manual', full: false, photos: false, actors: [] };

export const makeSyncRequests = ({ options, open }: Connection): SyncRequests => {
  let recorded = new Map<string, Promise<boolean>>();

  const recordNow = async (actor: string, full: boolean): Promise<boolean> => {
    try {
      const { state, recorder } = await open();
      if (state.head() === undefined || isResting(state.connection())) return false;
      const wish = full ? { full } : {};
      await recorder.administer(() => [{ type: 'SyncRequested', data: { actor, ...wish } }]);
      return true;
    } catch (cause) {
      if (cause instanceof DirectorySyncError) return false;
      throw cause;
    }
  };

  return {
    record: (actor, full) => {
      const wish = JSON.stringify([actor, full]);
      const recording = recorded.get(wish) ?? recordNow(actor, full);
      recorded.set(wish, recording);
      return recording;
    },
    cycleBegins: () => {
      recorded = new Map();
    },
    askedBy: (others) =>
      others.flatMap((event) => {
        if (freeing.has(event.type)) return [afterDecision];
        // One person is no cycle over everybody: that is taken up apart.
        if (event.type !== 'SyncRequested' || event.data.userId !== undefined) return [];
        const full = event.data.full === true;
        return [{ trigger: full ? 'full' : 'manual', full, photos: true, actors: [] }];
      }),
    answer: async (upTo, report) => {
      // After each cycle, also where nobody is known to wait: a request may have been folded without having been told.
      if (upTo !== undefined) await putAnswer(options.cache, options.connectionId, upTo, report);
    },
  };
};
