import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { produce } from 'immer';
import type { CommandKind } from '../commands.js';
import type { DirectoryEvent, DirectoryEventOf } from '../events/directory-events.js';
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
  readonly lastAbort: string | undefined;
  readonly credentialFailure: string | undefined;
  readonly graphTime: string | undefined;
  readonly sentDeactivations: ReadonlyArray<Sent>;
  readonly sentCreations: ReadonlyArray<Sent>;
  readonly paused: boolean;
};

export const initialConnection: ConnectionState = {
  created: undefined,
  groupId: undefined,
  settings: undefined,
  preferences: undefined,
  preferencesRevision: '',
  epoch: 0,
  cursors: {},
  nextCursor: 1,
  unsupported: [],
  teams: {},
  rejectedTeams: {},
  scopeHold: undefined,
  initialSyncDone: false,
  lastSync: undefined,
  lastAbort: undefined,
  credentialFailure: undefined,
  graphTime: undefined,
  sentDeactivations: [],
  sentCreations: [],
  paused: false,
};

type Draft = { -readonly [K in keyof ConnectionState]: ConnectionState[K] };

const moveCursor = (
  known: Cursor | undefined,
  data: DirectoryEventOf<'DeltaCursorMoved'>['data'],
): Cursor => {
  const { cursor, source, groupIds, link, fingerprint, issuedAt, round, reached } = data;
  const at = { link, fingerprint, issuedAt };
  return reached === 'deltaLink'
    ? { cursor, source, groupIds, delta: at, page: undefined, resync: undefined }
    : { cursor, source, groupIds, delta: known?.delta, page: { ...at, round }, resync: known?.resync };
};

const WINDOW_LIMIT = 20_000;

/** Bounded: the window needs a day, and more entries than this hold everything anyway. */
const remember = (sent: ReadonlyArray<Sent>, more: ReadonlyArray<Sent>): ReadonlyArray<Sent> =>
  more.length === 0 ? sent : [...sent, ...more].slice(-WINDOW_LIMIT);

const sentOf = (data: DirectoryEventOf<'CommandsDispatched'>['data'], kind: CommandKind): ReadonlyArray<Sent> =>
  data.items
    .filter((item) => item.kind === kind)
    .map((item) => ({ userId: item.subject as ObjectId, at: data.graphTime }));

const change = (draft: Draft, event: EventEnvelope<DirectoryEvent>): void => {
  switch (event.type) {
    case 'ConnectionCreated': {
      draft.created = event.data;
      draft.groupId = event.data.groupId;
      const { graphBaseUrl, graphCredential, learnAmpBaseUrl, actor } = event.data;
      draft.settings = { graphBaseUrl, graphCredential, learnAmpBaseUrl, actor };
      return;
    }
    case 'ScopeGroupChanged':
      draft.groupId = event.data.to;
      draft.scopeHold = undefined;
      return;
    case 'ConnectionSettingsChanged':
      draft.settings = event.data;
      return;
    case 'PreferencesChanged':
      draft.preferences = event.data.preferences;
      draft.preferencesRevision = event.revision.toString();
      draft.rejectedTeams = {};
      return;
    case 'EngineStarted':
      draft.epoch = Math.max(draft.epoch, event.data.epoch);
      return;
    case 'DeltaCursorMoved': {
      const { cursor, graphTime } = event.data;
      draft.cursors = { ...draft.cursors, [cursor]: moveCursor(draft.cursors[cursor], event.data) };
      draft.graphTime = graphTime;
      const number = /^groups:(\d+)$/.exec(cursor)?.[1];
      if (number !== undefined) draft.nextCursor = Math.max(draft.nextCursor, Number(number) + 1);
      draft.credentialFailure = undefined;
      return;
    }
    case 'DeltaCursorDropped':
      draft.cursors = Object.fromEntries(
        Object.entries(draft.cursors).filter(([name]) => name !== event.data.cursor),
      );
      return;
    case 'ResyncRequired': {
      const known = draft.cursors[event.data.cursor];
      if (known !== undefined)
        draft.cursors = {
          ...draft.cursors,
          [known.cursor]: { ...known, page: undefined, resync: event.data.reason },
        };
      return;
    }
    case 'GroupDeleted':
      if (event.data.groupId === draft.groupId) draft.scopeHold = 'scope-group-deleted';
      return;
    case 'GroupRestored':
      if (event.data.groupId === draft.groupId) draft.scopeHold = undefined;
      return;
    case 'CommandsHeld':
      if (event.data.userIds.length === 0) draft.scopeHold = event.data.reason;
      return;
    case 'HoldDissolved':
      if (event.data.userIds.length === 0) draft.scopeHold = undefined;
      return;
    case 'SyncCompleted':
      draft.initialSyncDone = true;
      draft.lastSync = { at: event.recordedAt, ok: true };
      draft.lastAbort = undefined;
      draft.credentialFailure = undefined;
      return;
    case 'SyncAborted':
      draft.lastSync = { at: event.recordedAt, ok: false };
      draft.lastAbort = event.data.reason;
      return;
    case 'CredentialFailed':
      draft.credentialFailure = `${event.data.system}:${event.data.code}`;
      return;
    case 'LearnAmpCapabilitiesObserved':
      draft.unsupported = event.data.unsupported;
      return;
    case 'TeamEnsured':
      draft.teams = {
        ...draft.teams,
        [event.data.teamKey]: { teamId: event.data.teamId, name: event.data.name },
      };
      return;
    case 'CommandRejected':
      if (event.data.command.kind === 'EnsureTeam')
        draft.rejectedTeams = { ...draft.rejectedTeams, [event.data.command.teamKey]: event.data.code };
      return;
    case 'CommandsDispatched':
      draft.sentDeactivations = remember(draft.sentDeactivations, sentOf(event.data, 'DeactivateUser'));
      // The initial sync was previewed and started by hand: it counts towards no later hold.
      if (draft.initialSyncDone)
        draft.sentCreations = remember(draft.sentCreations, sentOf(event.data, 'CreateUser'));
      return;
    case 'HeldCommandsApproved': {
      const named = new Set(event.data.userIds);
      draft.sentDeactivations = draft.sentDeactivations.filter(({ userId }) => !named.has(userId));
      return;
    }
    case 'ConnectionPaused':
      draft.paused = true;
      return;
    case 'ConnectionResumed':
      draft.paused = false;
      return;
    default:
  }
};

export const evolveConnection = (
  state: ConnectionState,
  event: EventEnvelope<DirectoryEvent>,
): ConnectionState => produce(state, (draft: Draft) => change(draft, event));
