/** "Something changed": how many notifications about a tenant's users or groups arrived together, and when. */
export type InboxMark = {
  readonly tenantId: string;
  readonly resource: 'users' | 'groups';
  /** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` gives it. */
  readonly receivedAt: string;
  readonly count: number;
};

/** What waits for a tenant's next round. `sequence` is opaque: it stands for everything that is counted here. */
export type PendingMarks = {
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly sequence: string;
};

/**
 * Durable marks "something changed", beside the stream: hints, coalesced per tenant and resource. They hold no value of
 * a notification's body but the tenant and the kind of resource.
 *
 * Invariants: a mark is durable before `mark` resolves, all marks of one call or none; a mark stays until a `clear` with
 * a sequence that `pending` gave out after it; marks that came after that `pending` stay.
 */
export interface NotificationInbox {
  /** Calls that come together share one flush to the disk. Rejects where the marks could not be made durable. */
  readonly mark: (marks: ReadonlyArray<InboxMark>) => Promise<void>;
  /** Marks that no round has answered yet. */
  readonly pending: (tenantId: string) => Promise<PendingMarks | undefined>;
  /** Takes away what `pending` counted. May be called again. */
  readonly clear: (tenantId: string, upToSequence: string) => Promise<void>;
  /** Waits for what is being written; later calls reject. May be called again. */
  readonly close: () => Promise<void>;
}
