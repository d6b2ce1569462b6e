import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { SyncOptions, SyncTrigger } from '../directory-sync.js';
import type { AccountsLook } from '../deliver/observe-accounts.js';
import type { PhotoLane } from '../photos/photo-lane.js';

/** What one cycle is run for. */
export type CycleRequest = Pick<SyncOptions, 'onProgress' | 'confirmFirstSync' | 'signal'> & {
  readonly trigger: SyncTrigger;
  /** Reads both sides from the beginning. */
  readonly full: boolean;
  /** Reads Learn Amp's side to its end. */
  readonly reconciles?: boolean | undefined;
  /** Told what the look at everything Learn Amp lists came to. */
  readonly onLook?: ((look: AccountsLook) => void) | undefined;
  readonly photos: boolean;
  /** For who runs cycles by a schedule: the photo lane gives its turn back to them. Without it, it goes round undisturbed. */
  readonly photoLane?:
    (Pick<PhotoLane, 'resumes' | 'yields'> & { readonly onEnd: (end: 'done' | 'more') => void }) | undefined;
  /** Who asked, each once, as far as it is not recorded yet. */
  readonly actors: ReadonlyArray<string>;
  /** One person alone is read, planned and delivered. */
  readonly userId?: ObjectId | undefined;
  /** What the inbox held when the cycle began: recorded with the first thing that the cycle finds. */
  readonly notifications?: { readonly count: number; readonly first: string; readonly last: string } | undefined;
  /** The full cycle of the schedule: its reads give way to others, and its end is recorded whatever it found. */
  readonly daily?: boolean | undefined;
  /** `false`: where delivery is paused, Learn Amp is not asked yet whether it goes on. */
  readonly isProbed?: boolean | undefined;
  /** Ends at once, as fenced, where another engine took the connection over since the last cycle. */
  readonly giveWay?: boolean | undefined;
};

/** A cycle that somebody asked for by hand. */
export const requestOf = (sync: SyncOptions): CycleRequest => ({
  ...sync,
  trigger: sync.full === true ? 'full' : 'manual',
  full: sync.full === true,
  photos: sync.photos !== false,
  actors: sync.actor === undefined ? [] : [sync.actor],
});
