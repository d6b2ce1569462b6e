import type { LocalCache } from '@learnamp/directory-sync-event-sourcing';

/** The longest wait that is believed; whatever is remembered beyond it comes from a clock that was wrong. */
const LONGEST_WAIT_MS = 15 * 60_000;

/** What a service asked to wait, kept beyond the end of the process. */
export type RememberedWait = {
  readonly closedUntil: Date | undefined;
  readonly onClosed: (until: Date) => void;
};

/** Reads what an earlier process was told, and keeps what this one is told. */
export const rememberedWait = async (
  cache: LocalCache | undefined,
  key: string,
  now: () => Date,
): Promise<RememberedWait> => {
  const at = Date.parse((await cache?.get(key).catch(() => undefined)) ?? '');
  return {
    closedUntil: Number.isNaN(at) ? undefined : new Date(Math.min(at, now().getTime() + LONGEST_WAIT_MS)),
    onClosed: (until) => {
      // Lost with the cache at worst: then the next process is told again.
      void cache?.put(key, until.toISOString()).catch(() => undefined);
    },
  };
};

/** The wait that Learn Amp asked one connection for: goes into the world of `openLearnAmpRest`. */
export const rememberedLearnAmpWait = (
  cache: LocalCache,
  connectionId: string,
  now: () => Date = () => new Date(),
): Promise<RememberedWait> => rememberedWait(cache, `learn-amp-throttled-until:${connectionId}`, now);
