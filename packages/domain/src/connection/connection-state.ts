import type { CommandKind } from '../commands.js';
import { emptyRecord } from '../evolve/keyed-record.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import type { HoldReason } from '../events/delivery-events.js';
import type { RoundKind, Source } from '../events/sync-events.js';
import type { LearnAmpUserId, ObjectId, TeamId, TeamKey } from '../ids.js';

/**
 * A place in a delta stream, and the query it belongs to. Graph's link is not in it: with a token it gives access to a tenant's
 * changes, and stands in the event of this `revision` alone, sealed.
 */
export type CursorLink = { readonly revision: string; readonly fingerprint: string; readonly issuedAt: string };

export type Cursor = {
  readonly cursor: string;
  readonly source: Source;
  readonly groupIds: ReadonlyArray<ObjectId>;
  /** The end of the last complete round. */
  readonly delta: CursorLink | undefined;
  /** A round that was under way: it goes on here unless it decides by absence. */
  readonly page: (CursorLink & { readonly round: { readonly id: string; readonly kind: RoundKind } }) | undefined;
  /** The stored links may not be used: the source is read from the beginning. */
  readonly resync: string | undefined;
};

/** Nothing goes to Learn Amp until it goes on by itself, or somebody resumes it. */
export type DeliveryPause = DirectoryEventOf<'DeliveryPaused'>['data'] & { readonly since: string };

/** A deactivation or creation that was sent: the sliding window of the hold is rebuilt from these. */
export type Sent = { readonly userId: ObjectId; readonly at: string };

/** What the connection is and where its sync stands, folded from its stream. */
export type ConnectionState = {
  readonly created: DirectoryEventOf<'ConnectionCreated'>['data'] | undefined;
  readonly groupId: ObjectId | undefined;
  readonly settings: DirectoryEventOf<'ConnectionSettingsChanged'>['data'] | undefined;
  readonly preferences: Readonly<Record<string, unknown>> | undefined;
  readonly preferencesRevision: string;
  /** Revision of the last change of preferences, of a base URL or of a credential. */
  readonly settingsRevision: string;
  /** Where Learn Amp was reached when the links were made, until a sync at the new address is complete. */
  readonly learnAmpMovedFrom: string | undefined;
  readonly epoch: number;
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly nextCursor: number;
  readonly unsupported: ReadonlyArray<CommandKind>;
  /** Active owners at Learn Amp whose accounts belonged to nobody here when the whole list was read last. */
  readonly otherOwners: ReadonlyArray<LearnAmpUserId>;
  readonly teams: Readonly<Record<TeamKey, { readonly teamId: TeamId; readonly name: string }>>;
  readonly rejectedTeams: Readonly<Record<TeamKey, string>>;
  /** Teams that Learn Amp gave no answer about, though it answered others. */
  readonly unansweredTeams: Readonly<Record<TeamKey, true>>;
  /** Teams that were gone when somebody was to join them, and the revision that told so: they are made again (FC-90). */
  readonly goneTeams: Readonly<Record<TeamKey, string>>;
  /** Revision since which Learn Amp has no seat for anybody new; `''`: it may have one (FC-93). */
  readonly noSeatsSince: string;
  readonly deliveryPaused: DeliveryPause | undefined;
  /** The scope group cannot be read any more: nobody leaves. */
  readonly scopeHold: HoldReason | undefined;
  readonly initialSyncDone: boolean;
  readonly lastSync: { readonly at: string; readonly ok: boolean } | undefined;
  /** The cycle that is under way, or was last, reads everything. */
  readonly fullBegun: boolean;
  /** When a cycle that read everything was completed last. */
  readonly lastFullAt: string | undefined;
  readonly lastAbort: string | undefined;
  /** Where the link led that was refused, where that was the reason. */
  readonly lastAbortHost?: string | undefined;
  readonly credentialFailure: string | undefined;
  readonly graphTime: string | undefined;
  readonly sentDeactivations: ReadonlyArray<Sent>;
  readonly sentCreations: ReadonlyArray<Sent>;
  readonly paused: boolean;
  /** The connection was ended by hand; everybody keeps what they have. */
  readonly disconnected: { readonly at: string } | undefined;
  /** Connected again: everything is read before anything is sent on what was known before. */
  readonly fullDue: boolean;
  /** Revision of the last event folded into this state. */
  readonly foldedTo: string;
};

/** Paused or ended by hand: nothing is read and nothing is sent. */
export const isResting = ({ paused, disconnected }: Pick<ConnectionState, 'paused' | 'disconnected'>): boolean =>
  paused || disconnected !== undefined;

export const initialConnection: ConnectionState = {
  created: undefined,
  groupId: undefined,
  settings: undefined,
  preferences: undefined,
  preferencesRevision: '',
  settingsRevision: '',
  learnAmpMovedFrom: undefined,
  epoch: 0,
  cursors: emptyRecord(),
  nextCursor: 1,
  unsupported: [],
  otherOwners: [],
  teams: emptyRecord(),
  rejectedTeams: emptyRecord(),
  unansweredTeams: emptyRecord(),
  goneTeams: emptyRecord(),
  noSeatsSince: '',
  deliveryPaused: undefined,
  scopeHold: undefined,
  initialSyncDone: false,
  lastSync: undefined,
  fullBegun: false,
  lastFullAt: undefined,
  lastAbort: undefined,
  credentialFailure: undefined,
  graphTime: undefined,
  sentDeactivations: [],
  sentCreations: [],
  paused: false,
  disconnected: undefined,
  fullDue: false,
  foldedTo: '',
};
