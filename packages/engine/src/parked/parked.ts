import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { Viewer } from '../access/access.js';
import type { PageOptions } from '../views/page-of-people.js';
import type { WhyWait } from '../why/why.js';
import type { AttentionKind } from '../sync-report.js';

/** Somebody who is not as the directory wants, and does not become so by itself. */
export type ParkedPerson = {
  readonly userId: ObjectId;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly learnAmpUserId: string | null;
  readonly kind: AttentionKind;
  readonly reason: string;
  /** When it began, by the clock of the log; `null`: the log does not say. */
  readonly since: string | null;
  /** How things stay, and until what. */
  readonly waits: ReadonlyArray<Pick<WhyWait, 'says' | 'until'>>;
  /** From when on Learn Amp is asked once more by itself, by Graph's time; `null`: not by itself. */
  readonly nextTryAt: string | null;
};

/** Who could not be synced, by reason, and what each waits for. */
export type Parked = {
  readonly connectionId: string;
  readonly counts: ReadonlyArray<{ readonly kind: AttentionKind; readonly reason: string; readonly people: number }>;
  /** Of the page, in the order of ids. Somebody in several kinds of trouble stands in it once for each. */
  readonly people: ReadonlyArray<ParkedPerson>;
  /** How many people come behind the last of them. */
  readonly more: number;
};

/** How many of those who are parked are listed, and on whose behalf. All are counted. */
export type ListParkedOptions = PageOptions & {
  /** Who looks: recorded in the access log. */
  readonly by?: Viewer | undefined;
};

/** Who is tried again and who asked for it; recorded for good. */
export type RetryRequest = {
  /**
   * These alone. Default: everybody who is parked, refused or in conflict, and every team that was refused; but for those whose
   * address was changed by hand at Learn Amp, where writing over it is decided one by one.
   */
  readonly userIds?: ReadonlyArray<ObjectId> | undefined;
  /** Who asks, and why: recorded, and sealed. */
  readonly by: string;
  readonly reason: string;
};

/** Who is tried again, and who was not parked. */
export type Retried = {
  readonly connectionId: string;
  /** Who is tried again by the next sync; empty: nothing was recorded. */
  readonly userIds: ReadonlyArray<ObjectId>;
  /** How many teams are asked for again. */
  readonly teams: number;
  /** Left out since nobody named them: their address was changed by hand at Learn Amp. */
  readonly byName: ReadonlyArray<ObjectId>;
  /** Named, and not parked: nothing is to be tried again. */
  readonly notParked: ReadonlyArray<ObjectId>;
  /** The connection is paused or disconnected: nothing is tried before it is resumed. */
  readonly resting: boolean;
};
