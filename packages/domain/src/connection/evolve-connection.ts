import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import type { CommandKind } from '../commands.js';
import { changeFor, type Changes } from '../evolve/change-by-type.js';
import { byImmer, type Drafting } from '../evolve/drafting.js';
import { emptyRecord, withEntry, withoutEntry } from '../evolve/keyed-record.js';
import { isRepeat, revisionText } from '../evolve/revision-text.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import type { ObjectId, TeamKey } from '../ids.js';
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
  | 'TeamGone'
  | 'CommandRejected'
  | 'CommandsDispatched'
  | 'CommandsUnanswered'
  | 'DeliveryPaused'
  | 'DeliveryResumed'
  | 'PersonErased'
  | 'HeldCommandsApproved'
  | 'ConnectionPaused'
  | 'ConnectionResumed'
  | 'ConnectionDisconnected'
  | 'RetryRequested';

const moveCursor = (
  known: Cursor | undefined,
  data: DirectoryEventOf<'DeltaCursorMoved'>['data'],
  revision: string,
): Cursor => {
  const { cursor, source, groupIds, fingerprint, issuedAt, round, reached } = data;
  const at = { revision, fingerprint, issuedAt };
  return reached === 'deltaLink'
    ? { cursor, source, groupIds, delta: at, page: undefined, resync: undefined }
    : { cursor, source, groupIds, delta: known?.delta, page: { ...at, round }, resync: known?.resync };
};

const WINDOW_LIMIT = 20_000;

/** Bounded: the window needs a day, and more entries than this hold everything anyway. */
const remember = (sent: ReadonlyArray<Sent>, more: ReadonlyArray<Sent>): ReadonlyArray<Sent> =>
  more.length === 0 ? sent : [...sent, ...more].slice(-WINDOW_LIMIT);

/** What an approval names is no part of what the hold counts. */
const sentOf = (data: DirectoryEventOf<'CommandsDispatched'>['data'], kind: CommandKind): ReadonlyArray<Sent> =>
  data.items
    .filter((item) => item.kind === kind && item.approved !== true)
    .map((item) => ({ userId: item.subject as ObjectId, at: data.graphTime }));

const exceptFor = (sent: ReadonlyArray<Sent>, userIds: ReadonlyArray<ObjectId>): ReadonlyArray<Sent> => {
  const named = new Set(userIds);
  return sent.filter(({ userId }) => !named.has(userId));
};

/** Nothing that was known before is taken for a place to go on from. */
const readAnew = (cursors: ConnectionState['cursors']): ConnectionState['cursors'] =>
  Object.values(cursors).reduce(
    (all, cursor) => withEntry(all, cursor.cursor, { ...cursor, page: undefined, resync: 'connected-again' }),
    emptyRecord<Cursor>(),
  );

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
  ConnectionSettingsChanged: (draft, { data, revision }) => {
    const before = draft.settings?.learnAmpBaseUrl;
    if (before !== undefined && before !== data.learnAmpBaseUrl) draft.learnAmpMovedFrom ??= before;
    draft.settings = data;
    draft.settingsRevision = revisionText(revision);
    draft.noSeatsSince = '';
    draft.rejectedTeams = emptyRecord();
  },
  PreferencesChanged: (draft, { data, revision }) => {
    draft.preferences = data.preferences;
    draft.preferencesRevision = revisionText(revision);
    draft.noSeatsSince = '';
    draft.settingsRevision = revisionText(revision);
    draft.rejectedTeams = emptyRecord();
  },
  EngineStarted: (draft, { data }) => {
    draft.epoch = Math.max(draft.epoch, data.epoch);
  },
  DeltaCursorMoved: (draft, { data, revision }) => {
    const { cursor, graphTime } = data;
    draft.cursors = withEntry(draft.cursors, cursor, moveCursor(draft.cursors[cursor], data, revisionText(revision)));
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
    // A cycle that began before somebody connected again read less than that asks for.
    if (draft.fullBegun || !draft.initialSyncDone) draft.fullDue = false;
    draft.fullBegun = false;
    draft.learnAmpMovedFrom = undefined;
    draft.initialSyncDone = true;
    draft.lastSync = { at: recordedAt, ok: true };
    draft.lastAbort = undefined;
    delete draft.lastAbortHost;
    draft.credentialFailure = undefined;
  },
  SyncAborted: (draft, { data, recordedAt }) => {
    draft.lastSync = { at: recordedAt, ok: false };
    draft.lastAbort = data.reason;
    if (data.host === undefined) delete draft.lastAbortHost;
    else draft.lastAbortHost = data.host;
  },
  CredentialFailed: (draft, { data }) => {
    draft.credentialFailure = `${data.system}:${data.code}`;
  },
  LearnAmpCapabilitiesObserved: (draft, { data, revision }) => {
    if (data.seats !== undefined) draft.noSeatsSince = data.seats === 'none' ? revisionText(revision) : '';
    draft.unsupported = data.unsupported;
    if (data.otherOwners !== undefined) draft.otherOwners = data.otherOwners;
  },
  TeamEnsured: (draft, { data }) => {
    const { teamKey, teamId, name } = data;
    draft.teams = withEntry(draft.teams, teamKey, { teamId, name });
    draft.rejectedTeams = withoutEntry(draft.rejectedTeams, teamKey);
    draft.unansweredTeams = withoutEntry(draft.unansweredTeams, teamKey);
    draft.goneTeams = withoutEntry(draft.goneTeams, teamKey);
  },
  TeamGone: (draft, { data, revision }) => {
    const { teamKey, teamId } = data;
    // One that was made again since is another team.
    if (draft.teams[teamKey]?.teamId !== teamId) return;
    draft.teams = withoutEntry(draft.teams, teamKey);
    draft.goneTeams = withEntry(draft.goneTeams, teamKey, revisionText(revision));
  },
  CommandsUnanswered: (draft, { data }) => {
    for (const { kind, subject } of data.items)
      if (kind === 'EnsureTeam') draft.unansweredTeams = withEntry(draft.unansweredTeams, subject as TeamKey, true);
  },
  CommandRejected: (draft, { data }) => {
    const { command, code } = data;
    if (command.kind !== 'EnsureTeam') return;
    draft.rejectedTeams = withEntry(draft.rejectedTeams, command.teamKey, code);
    draft.unansweredTeams = withoutEntry(draft.unansweredTeams, command.teamKey);
  },
  CommandsDispatched: (draft, { data }) => {
    draft.sentDeactivations = remember(draft.sentDeactivations, sentOf(data, 'DeactivateUser'));
    // The initial sync was previewed and started by hand: it counts towards no later hold.
    if (draft.initialSyncDone) draft.sentCreations = remember(draft.sentCreations, sentOf(data, 'CreateUser'));
  },
  DeliveryPaused: (draft, { data, recordedAt }) => {
    draft.deliveryPaused = { ...data, since: recordedAt };
  },
  DeliveryResumed: (draft) => {
    draft.deliveryPaused = undefined;
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
    draft.deliveryPaused = undefined;
    if (draft.disconnected === undefined) return;
    draft.disconnected = undefined;
    draft.fullDue = true;
    draft.cursors = readAnew(draft.cursors);
  },
  ConnectionDisconnected: (draft, { recordedAt }) => {
    draft.disconnected = { at: recordedAt };
  },
  RetryRequested: (draft, { data }) => {
    draft.noSeatsSince = '';
    for (const teamKey of data.teamKeys) {
      draft.rejectedTeams = withoutEntry(draft.rejectedTeams, teamKey);
      draft.unansweredTeams = withoutEntry(draft.unansweredTeams, teamKey);
    }
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
      draft.foldedTo = revisionText(event.revision);
    });
  };

export const evolveConnection = evolveConnectionBy(byImmer);
