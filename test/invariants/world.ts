import type { EventView, SyncReport } from '@learnamp/directory-sync';
import type {
  Account,
  Deactivation,
  Invitation,
  Repeat,
  RequestRecord,
  Write,
} from '@learnamp/directory-sync-simulator';

export type InvariantId = `I-${string}`;

/** What is not as it must be, and where: a revision of the log, a request, a write, or a name. */
export type Violation = { readonly id: InvariantId; readonly what: string; readonly where: string };

/** A text somebody may read: a stored record, a log line, an error, a report. */
export type Said = { readonly where: string; readonly text: string };

/** What is known once the faults stopped and the engine came to rest. */
export type AtRest = {
  readonly liveDigest?: string | undefined;
  readonly replayDigest?: string | undefined;
  /** Of `rebuild --verify`. */
  readonly differences?: number | undefined;
  /** What Learn Amp holds that the oracle does not say, in words. */
  readonly unlikeOracle?: ReadonlyArray<string> | undefined;
  /** One more round: what it recorded and what it wrote. */
  readonly quietRound?: { readonly events: number; readonly writes: number } | undefined;
};

/**
 * What can be seen of one connection from outside: all of it, or what came since the last look. Accounts are always those
 * that stand now.
 */
export type World = {
  /** In the order of revisions, opened. */
  readonly events: ReadonlyArray<EventView>;
  /** The same records as they are stored, as text. */
  readonly stored: ReadonlyArray<Said>;
  readonly requests: ReadonlyArray<RequestRecord>;
  /** Some requests were forgotten before this look: what was answered is not all known. */
  readonly requestsLost?: boolean | undefined;
  readonly writes: ReadonlyArray<Write>;
  readonly invitations: ReadonlyArray<Invitation>;
  readonly deactivations: ReadonlyArray<Deactivation>;
  /** What Learn Amp was asked for a second time. */
  readonly repeats: ReadonlyArray<Repeat>;
  readonly accounts: ReadonlyArray<Account>;
  readonly reports: ReadonlyArray<SyncReport>;
  /** Log lines, errors, exports. */
  readonly said: ReadonlyArray<Said>;
  /** Never to be seen anywhere: secrets, tokens. */
  readonly secrets: ReadonlyArray<string>;
  /** What stood in bodies of notifications and nowhere else. */
  readonly notified: ReadonlyArray<string>;
  /** Whether an object id is of this connection's tenant. */
  readonly belongs: (objectId: string) => boolean;
  /** The time at Microsoft Graph. */
  readonly now: Date;
  readonly atRest?: AtRest | undefined;
};

export const nothingSeen: Omit<World, 'belongs' | 'now'> = {
  ...{
    events: [],
    stored: [],
    requests: [],
    writes: [],
    invitations: [],
    deactivations: [],
    repeats: [],
    accounts: [],
  },
  ...{ reports: [], said: [], secrets: [], notified: [] },
};
