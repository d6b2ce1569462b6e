import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import type { CommandKind } from '../commands.js';
import { changeFor, type Changes } from '../evolve/change-by-type.js';
import { byImmer, type Drafting } from '../evolve/drafting.js';
import { emptyRecord, withEntry, withoutEntry } from '../evolve/keyed-record.js';
import { isRepeat } from '../evolve/revision-text.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import type { ObjectId } from '../ids.js';
import type { ConnectionState, Cursor, Sent } from './connection-state.js';

type ConnectionEventType =
  | 'ConnectionCreated'
  | 'ScopeGroupChanged'
  | 'ConnectionSettingsChanged'
  | 'PreferencesChanged'
  | 'EngineStarted'
  | 'DeltaCursorMoved'
  | 'DeltaCursorDropped'
  | 'ResyncRequired'
  | 'GroupDeleted'
  | 'GroupRestored'
  | 'CommandsHeld'
  | 'HoldDissolved'
  | 'SyncStarted'
  | 'SyncCompleted'
  | 'SyncAborted'
  | 'CredentialFailed'
  | 'LearnAmpCapabilitiesObserved'
  | 'TeamEnsured'
  | 'CommandRejected'
  | 'CommandsDispatched'
  | 'PersonErased'
  | 'HeldCommandsApproved'
  | 'ConnectionPaused'
  | 'ConnectionResumed';

const moveCursor = (known: Cursor | undefined, data: DirectoryEventOf<'DeltaCursorMoved'>['data']): Cursor => {
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

const exceptFor = (sent: ReadonlyArray<Sent>, userIds: ReadonlyArray<ObjectId>): ReadonlyArray<Sent> => {
  const named = new Set(userIds);
  return sent.filter(({ userId }) => !named.has(userId));
};

const changes: Changes<ConnectionState, ConnectionEventType> = {
  ConnectionCreated: (draft, { data }) => {
    const { graphBaseUrl, graphCredential, learnAmpBaseUrl, actor } = data;
    draft.created = data;
    draft.groupId = data.groupId;
    draft.settings = { graphBaseUrl, graphCredential, learnAmpBaseUrl, actor };
  },
  ScopeGroupChanged: (draft, { data }) => {
    draft.groupId = data.to;
    draft.scopeHold = undefined;
  },
  ConnectionSettingsChanged: (draft, { data }) => {
    draft.settings = data;
  },
  PreferencesChanged: (draft, { data, revision }) => {
    draft.preferences = data.preferences;
    draft.preferencesRevision = revision.toString();
    draft.rejectedTeams = emptyRecord();
  },
  EngineStarted: (draft, { data }) => {
    draft.epoch = Math.max(draft.epoch, data.epoch);
  },
  DeltaCursorMoved: (draft, { data }) => {
    const { cursor, graphTime } = data;
    draft.cursors = withEntry(draft.cursors, cursor, moveCursor(draft.cursors[cursor], data));
    draft.graphTime = graphTime;
    const number = /^groups:(\d+)$/.exec(cursor)?.[1];
    if (number !== undefined) draft.nextCursor = Math.max(draft.nextCursor, Number(number) + 1);
    // Graph answered; that says nothing about Learn Amp.
    if (draft.credentialFailure?.startsWith('graph:') === true) draft.credentialFailure = undefined;
  },
  DeltaCursorDropped: (draft, { data }) => {
    draft.cursors = withoutEntry(draft.cursors, data.cursor);
  },
  ResyncRequired: (draft, { data }) => {
    const known = draft.cursors[data.cursor];
    if (known === undefined) return;
    draft.cursors = withEntry(draft.cursors, known.cursor, { ...known, page: undefined, resync: data.reason });
  },
  GroupDeleted: (draft, { data }) => {
    if (data.groupId === draft.groupId) draft.scopeHold = 'scope-group-deleted';
  },
  GroupRestored: (draft, { data }) => {
    if (data.groupId === draft.groupId) draft.scopeHold = undefined;
  },
  CommandsHeld: (draft, { data }) => {
    if (data.userIds.length === 0) draft.scopeHold = data.reason;
  },
  HoldDissolved: (draft, { data }) => {
    if (data.userIds.length === 0) draft.scopeHold = undefined;
  },
  SyncStarted: (draft, { data }) => {
    draft.fullBegun = data.trigger === 'full';
  },
  SyncCompleted: (draft, { recordedAt }) => {
    if (draft.fullBegun || !draft.initialSyncDone) draft.lastFullAt = recordedAt;
    draft.fullBegun = false;
    draft.initialSyncDone = true;
    draft.lastSync = { at: recordedAt, ok: true };
    draft.lastAbort = undefined;
    draft.credentialFailure = undefined;
  },
  SyncAborted: (draft, { data, recordedAt }) => {
    draft.lastSync = { at: recordedAt, ok: false };
    draft.lastAbort = data.reason;
  },
  CredentialFailed: (draft, { data }) => {
    draft.credentialFailure = `${data.system}:${data.code}`;
  },
  LearnAmpCapabilitiesObserved: (draft, { data }) => {
    draft.unsupported = data.unsupported;
  },
  TeamEnsured: (draft, { data }) => {
    const { teamKey, teamId, name } = data;
    draft.teams = withEntry(draft.teams, teamKey, { teamId, name });
    draft.rejectedTeams = withoutEntry(draft.rejectedTeams, teamKey);
  },
  CommandRejected: (draft, { data }) => {
    const { command, code } = data;
    if (command.kind === 'EnsureTeam') draft.rejectedTeams = withEntry(draft.rejectedTeams, command.teamKey, code);
  },
  CommandsDispatched: (draft, { data }) => {
    draft.sentDeactivations = remember(draft.sentDeactivations, sentOf(data, 'DeactivateUser'));
    // The initial sync was previewed and started by hand: it counts towards no later hold.
    if (draft.initialSyncDone) draft.sentCreations = remember(draft.sentCreations, sentOf(data, 'CreateUser'));
  },
  // Some of a person's events move `foldedTo` while they can be read: from here on it does not matter whether they could.
  PersonErased: () => undefined,
  HeldCommandsApproved: (draft, { data }) => {
    if (data.kind === 'deactivations') draft.sentDeactivations = exceptFor(draft.sentDeactivations, data.userIds);
    else draft.sentCreations = exceptFor(draft.sentCreations, data.userIds);
  },
  ConnectionPaused: (draft) => {
    draft.paused = true;
  },
  ConnectionResumed: (draft) => {
    draft.paused = false;
  },
};

/** The events that speak of the connection and its sync. */
export const connectionEventTypes = Object.keys(changes) as ReadonlyArray<DirectoryEventType>;

/** Folds one event into what the connection is and where its sync stands; an event of another kind leaves it as it is. */
export const evolveConnectionBy =
  (drafting: Drafting) =>
  (state: ConnectionState, event: EventEnvelope<DirectoryEvent>): ConnectionState => {
    const change = changeFor(changes, event);
    if (change === undefined || isRepeat(state.foldedTo, event.revision)) return state;
    return drafting(state, (draft) => {
      change(draft);
      draft.foldedTo = event.revision.toString();
    });
  };

export const evolveConnection = evolveConnectionBy(byImmer);
