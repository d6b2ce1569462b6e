import type { PendingMarks } from '@learnamp/directory-sync-event-sourcing';

/** What a connection needs of the tenant that it shares with others. */
export type TenantSeat = {
  /** The marks that wait for a round of this connection which begins now. */
  readonly marks: () => Promise<PendingMarks | undefined>;
  readonly completed: (sequence: string) => Promise<void>;
  /** The connection was paused or ended, or goes on: what the tenant keeps for it may have changed. */
  readonly turned: () => void;
  /** Resolves when nothing is kept at Graph any more for a tenant without any connection. */
  readonly rested: () => Promise<void>;
  /** Milliseconds since the epoch; 0 while Graph asks nobody to wait. */
  readonly throttledUntil: () => number;
};
