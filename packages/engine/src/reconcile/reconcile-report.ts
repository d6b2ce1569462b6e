import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { SyncOptions, SyncReport } from '../directory-sync.js';

/** Who asked for a reconciliation, and how it may be stopped. */
export type ReconcileOptions = Pick<SyncOptions, 'actor' | 'onProgress' | 'signal' | 'patienceMs'>;

/** Somebody whose account is otherwise at Learn Amp than the directory has it, and in what: names of fields, no values. */
export type Difference = {
  readonly userId: ObjectId;
  /** A profile field, `firstName`, `lastName`, `email`, `custom:<name>`, `primaryTeam`, `manager`, `status` or `account` (it is not there any more). */
  readonly fields: ReadonlyArray<string>;
  /** `held` and `parked` wait for a person; `waits`: for the next sync, or for another account. */
  readonly outcome: 'put-right' | 'held' | 'parked' | 'waits';
};

/** What a look at everything Learn Amp lists came to. */
export type ReconcileReport = {
  /** The cycle that looked and put right. */
  readonly report: SyncReport;
  /**
   * How many accounts were read, and how many of them belong to people here and were compared. `null`: not known, because an
   * engine in another process did it, or the cycle ended before.
   */
  readonly looked: { readonly accounts: number; readonly compared: number } | null;
  /** In the order of ids. Each difference is told once, by the look that met it first. */
  readonly differences: ReadonlyArray<Difference>;
};
