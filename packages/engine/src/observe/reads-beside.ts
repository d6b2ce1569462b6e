import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { ProfileRead } from '@learnamp/directory-sync-graph';
import * as E from 'fp-ts/lib/Either.js';
import type { CycleContext } from './cycle-context.js';

/** A request takes so many people: fewer wait for others, since pages may be of one object each. */
const FULL = 20;
/** As many full requests as are on their way at once. */
const AT_ONCE = 4 * FULL;

type Found = Extract<ProfileRead, { readonly _tag: 'Found' }>;

/** Direct reads that go beside the pages of a round, so that they add nothing to the time that the pages take. */
export type ReadsBeside = {
  readonly add: (userIds: Iterable<ObjectId>) => void;
  /** A page speaks of somebody: what was asked before it came may be older than the page, and is dropped. */
  readonly mentioned: (userId: ObjectId) => void;
  /** Who was found since the last call. Nobody is recorded here: that is for between two pages. */
  readonly take: () => ReadonlyArray<Found>;
  /** Asks for nobody else, and waits for what is on its way. */
  readonly finish: () => Promise<void>;
  /** Gives up what is on its way. */
  readonly end: () => Promise<void>;
};

/**
 * Asks for people while pages are read, in full requests: who is left over is read behind the round. What fails, or is not found, is left to whoever reads the rest behind the round:
 * there the same question is asked again, and its answer counts.
 *
 * @param isNeeded asked right before the request: a later page may have told what was missing
 */
export const makeReadsBeside = (
  { directory, signal }: Pick<CycleContext, 'directory' | 'signal'>,
  isNeeded: (userId: ObjectId) => boolean,
): ReadsBeside => {
  const ended = new AbortController();
  const both = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  const waiting = new Set<ObjectId>();
  const found = new Map<ObjectId, Found>();
  let asked = new Set<ObjectId>();
  let running: Promise<void> | undefined;

  const next = (): Set<ObjectId> => {
    for (const userId of waiting) if (!isNeeded(userId)) waiting.delete(userId);
    const size = Math.min(AT_ONCE, waiting.size - (waiting.size % FULL));
    const userIds = new Set([...waiting].slice(0, size));
    for (const userId of userIds) waiting.delete(userId);
    return userIds;
  };

  const run = async (): Promise<void> => {
    for (asked = next(); asked.size > 0 && !both.aborted; asked = next()) {
      const reads = await directory.readProfiles([...asked], { signal: both })();
      if (E.isLeft(reads)) return;
      for (const read of reads.right)
        if (read._tag === 'Found' && asked.has(read.user.userId)) found.set(read.user.userId, read);
    }
  };

  return {
    add: (userIds) => {
      for (const userId of userIds) waiting.add(userId);
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    mentioned: (userId) => {
      asked.delete(userId);
      found.delete(userId);
    },
    take: () => {
      const taken = [...found.values()];
      found.clear();
      return taken;
    },
    finish: async () => {
      waiting.clear();
      await running;
    },
    end: async () => {
      ended.abort();
      await running;
    },
  };
};
