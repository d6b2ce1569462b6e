import type { CommandKind } from '../commands.js';
import { emptyRecord } from '../evolve/keyed-record.js';
import type { DirectoryEventOf } from '../events/directory-events.js';
import type { HoldReason } from '../events/delivery-events.js';
import type { RoundKind, Source } from '../events/sync-events.js';
import type { ObjectId, TeamId, TeamKey } from '../ids.js';

/** A place in a delta stream: Graph's whole link, and the query it belongs to. */
export type CursorLink = { readonly link: string; readonly fingerprint: string; readonly issuedAt: string };

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

/** A deactivation or creation that was sent: the sliding window of the hold is rebuilt from these. */
export type Sent = { readonly userId: ObjectId; readonly at: string };

/** What the connection is and where its sync stands, folded from its stream. */
export type ConnectionState = {
  readonly created: DirectoryEventOf<'ConnectionCreated'>['data'] | undefined;
  readonly groupId: ObjectId | undefined;
  readonly settings: DirectoryEventOf<'ConnectionSettingsChanged'>['data'] | undefined;
  readonly preferences: Readonly<Record<string, unknown>> | undefined;
  readonly preferencesRevision: string;
  readonly epoch: number;
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly nextCursor: number;
  readonly unsupported: ReadonlyArray<CommandKind>;
  readonly teams: Readonly<Record<TeamKey, { readonly teamId: TeamId; readonly name: string }>>;
  readonly rejectedTeams: Readonly<Record<TeamKey, string>>;
  /** The scope group cannot be read any more: nobody leaves. */
  readonly scopeHold: HoldReason | undefined;
  readonly initialSyncDone: boolean;
  readonly lastSync: { readonly at: string; readonly ok: boolean } | undefined;
  /** The cycle that is under way, or was last, reads everything. */
  readonly fullBegun: boolean;
  /** When a cycle that read everything was completed last. */
  readonly lastFullAt: string | undefined;
  readonly lastAbort: string | undefined;
  readonly credentialFailure: string | undefined;
  readonly graphTime: string | undefined;
  readonly sentDeactivations: ReadonlyArray<Sent>;
  readonly sentCreations: ReadonlyArray<Sent>;
  readonly paused: boolean;
  /** Revision of the last event folded into this state. */
  readonly foldedTo: string;
};

export const initialConnection: ConnectionState = {
  created: undefined,
  groupId: undefined,
  settings: undefined,
  preferences: undefined,
  preferencesRevision: '',
  epoch: 0,
  cursors: emptyRecord(),
  nextCursor: 1,
  unsupported: [],
  teams: emptyRecord(),
  rejectedTeams: emptyRecord(),
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
  foldedTo: '',
};
