import * as fc from 'fast-check';
import type { Command } from '../commands.js';
import { attributeEvents } from '../directory/directory-person.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import type { CommandId, TeamKey } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { account, group, person, team } from './made-ids.js';

/** Few people, groups and accounts, so that the events of one history meet each other. */
const userId = fc.constantFrom(person(1), person(2));
const groupId = fc.constantFrom(group(0), group(1));
const learnAmpUserId = fc.constantFrom(account(1), account(2));
const text = fc.constantFrom('a', 'b');
const textOrNull = fc.option(text, { nil: null });
const time = fc.constantFrom('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
const actor = fc.constant('an admin');
const commandId = text as unknown as fc.Arbitrary<CommandId>;
const teamKey = fc.constantFrom('sales', 'constructor') as fc.Arbitrary<string> as fc.Arbitrary<TeamKey>;
const teamId = fc.constantFrom(team(1), team(2));
const userIds = fc.uniqueArray(userId, { maxLength: 2 });
const heldKind = fc.constantFrom('deactivations' as const, 'creations' as const);
const reason = fc.constantFrom('soft' as const, 'permanent' as const);
const identity = fc.record({ email: text, firstName: text, lastName: text });
const profile = fc.record({ jobTitle: text, department: text }, { requiredKeys: [] });

const status = fc.constantFrom(
  'not_invited' as const,
  'confirmed' as const,
  'deactivated' as const,
  'unknown' as const,
);
const shown: fc.Arbitrary<LearnAmpAccount> = fc.record(
  {
    learnAmpUserId,
    email: text,
    firstName: textOrNull,
    lastName: textOrNull,
    status,
    externalId: textOrNull,
    role: fc.constantFrom('owner', 'viewer', null),
    jobTitle: textOrNull,
    language: textOrNull,
    primaryTeam: fc.option(fc.record({ teamId, name: text }), { nil: null }),
    managerLearnAmpUserId: fc.option(learnAmpUserId, { nil: null }),
    customFields: fc.dictionary(text, textOrNull),
  },
  { requiredKeys: ['learnAmpUserId', 'email', 'firstName', 'lastName', 'status'] },
);

const at = { userId, learnAmpUserId };
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('CreateUser' as const),
    userId,
    identity,
    externalId: textOrNull,
    profile,
    invite: fc.constantFrom('none' as const, 'now' as const),
  }),
  fc.record({ kind: fc.constant('LinkUser' as const), ...at, externalId: textOrNull, identity }),
  fc.record({
    kind: fc.constant('UpdateProfile' as const),
    ...at,
    identity,
    set: profile,
    clear: fc.subarray(['jobTitle', 'hireDate'] as const),
  }),
  fc.record({ kind: fc.constant('ChangeEmail' as const), ...at, from: text, identity }),
  fc.record({ kind: fc.constant('DeactivateUser' as const), ...at, reason: fc.constant('left_scope' as const) }),
  fc.record({ kind: fc.constant('ReactivateUser' as const), ...at, reason: fc.constant('returned' as const) }),
  fc.record({ kind: fc.constant('EnsureTeam' as const), teamKey, name: text }),
  fc.record({ kind: fc.constant('SetPrimaryTeam' as const), ...at, identity, teamKey, teamId }),
  fc.record({
    kind: fc.constant('SetOverrideManager' as const),
    ...at,
    identity,
    managerUserId: userId,
    managerLearnAmpUserId: learnAmpUserId,
  }),
  fc.record({ kind: fc.constant('ClearOverrideManager' as const), ...at, identity }),
  fc.record({ kind: fc.constant('SetAvatar' as const), ...at, photo: text }),
  fc.record({ kind: fc.constant('ClearAvatar' as const), ...at }),
  fc.record({ kind: fc.constant('SendInvitation' as const), ...at }),
  fc.record({
    kind: fc.constant('SetCustomFields' as const),
    ...at,
    identity,
    fields: fc.array(fc.record({ name: text, value: textOrNull }), { maxLength: 2 }),
  }),
);
const kind = fc.constantFrom(
  'CreateUser',
  'UpdateProfile',
  'ChangeEmail',
  'DeactivateUser',
  'SetOverrideManager',
  'EnsureTeam',
  'SetAvatar',
  'ClearAvatar',
);
const item = fc.record(
  { commandId, subject: userId, kind, mac: text, approved: fc.constant(true as const) },
  { requiredKeys: ['commandId', 'subject', 'kind', 'mac'] },
);

type Data = { readonly [T in DirectoryEventType]?: fc.Arbitrary<DirectoryEventOf<T>['data']> };

const changed = fc.record({ userId, from: textOrNull, to: textOrNull });
const settings = { graphBaseUrl: text, graphCredential: text, learnAmpBaseUrl: text, actor };
const cursor = fc.constantFrom('users', 'groups:1', 'groups:7');
const source = fc.constantFrom('users' as const, 'groups' as const);
const decided = fc.record({ kind: heldKind, userIds, actor, reason: text });

const data: Data = {
  ...(Object.fromEntries(Object.values(attributeEvents).map((type) => [type, changed])) as Data),
  CustomAttributeChanged: fc.record({ userId, attribute: text, from: textOrNull, to: textOrNull }),
  UserJoinedGroup: fc.record({
    userId,
    attributes: fc.dictionary(fc.constantFrom('userPrincipalName', 'jobTitle', 'a'), textOrNull),
    accountEnabled: fc.boolean(),
    managerId: fc.option(userId, { nil: null }),
    path: fc.array(groupId, { maxLength: 2 }),
  }),
  UserLeftGroup: fc.record({ userId, reason: fc.constantFrom('removed' as const, 'deleted' as const) }),
  LeaveConfirmed: fc.record({ userId, by: fc.constantFrom('checkMemberGroups' as const, 'not-found' as const) }),
  LeaveUnconfirmed: fc.record({ userId, because: fc.constantFrom('still-a-member' as const, 'forbidden' as const) }),
  ManagerAssigned: fc.record({ userId, managerId: userId, from: fc.option(userId, { nil: null }) }),
  ManagerUnassigned: fc.record({ userId, from: fc.option(userId, { nil: null }) }),
  PhotoChanged: changed,
  PhotoRemoved: fc.record({ userId }),
  AccountBlocked: fc.record({ userId }),
  AccountUnblocked: fc.record({ userId }),
  UserDeleted: fc.record({ userId, reason }),
  UserRestored: fc.record({ userId }),
  PersonErased: fc.record({ userId, actor, reason: text }),
  GroupNameChanged: fc.record({ groupId, from: textOrNull, to: text }),
  GroupDeleted: fc.record({ groupId, reason }),
  GroupRestored: fc.record({ groupId }),
  CommandsDispatched: fc.record({
    plannerVersion: fc.constant(1),
    graphTime: time,
    items: fc.array(item, { maxLength: 3 }),
  }),
  CommandSucceeded: fc.record(
    {
      commandId,
      command,
      result: fc.constantFrom('created' as const, 'updated' as const, 'noop' as const, 'found' as const),
      account: shown,
      dropped: fc.subarray(['language' as const]),
      photoHash: text,
    },
    { requiredKeys: ['commandId', 'command', 'result'] },
  ),
  CommandRejected: fc.record({
    commandId,
    command,
    code: fc.constantFrom('validation' as const, 'not_found' as const, 'duplicate_email' as const),
    fields: fc.constantFrom([], ['email']),
  }),
  CommandDeferred: fc.record({
    userId,
    kind: fc.constantFrom('SetOverrideManager' as const, 'ChangeEmail' as const),
    on: fc.constantFrom('manager-absent' as const, 'manager-inactive' as const, 'address-taken' as const),
    waitingFor: fc.option(userId, { nil: null }),
  }),
  CommandParked: fc.record({
    userId,
    kind: fc.constantFrom('CreateUser' as const, 'UpdateProfile' as const),
    reason: text,
  }),
  CommandsUnanswered: fc.record({
    graphTime: time,
    items: fc.array(
      fc.record({ subject: userId, kind: fc.constantFrom('CreateUser' as const, 'UpdateProfile' as const) }),
      {
        maxLength: 3,
      },
    ),
  }),
  TeamGone: fc.record({ teamKey, teamId }),
  DeliveryPaused: fc.record({ reason: fc.constant('learn-amp-unreachable') }),
  DeliveryResumed: fc.constant({}),
  RetryRequested: fc.record({ userIds, teamKeys: fc.uniqueArray(teamKey, { maxLength: 2 }), actor, reason: text }),
  UserLinked: fc.record({ userId, learnAmpUserId, how: fc.constantFrom('created' as const, 'adopted' as const) }),
  LearnAmpUserObserved: fc.record({ userId, account: fc.option(shown, { nil: null }) }),
  DriftDetected: fc.record({ userId, fields: fc.subarray(['email', 'jobTitle']) }),
  IdentityConflictDetected: fc.record({
    userId,
    conflict: fc.constantFrom('address-of-another-person' as const, 'address-swap' as const),
    otherUserId: fc.option(userId, { nil: null }),
    learnAmpUserId: fc.option(learnAmpUserId, { nil: null }),
  }),
  CommandsHeld: fc.record({ kind: heldKind, reason: fc.constant('count' as const), userIds, graphTime: time }),
  HeldCommandsApproved: decided,
  HeldCommandsRejected: decided,
  HoldDissolved: fc.record({ kind: heldKind, userIds }),
  TeamEnsured: fc.record({ teamKey, name: text, teamId, how: fc.constant('created' as const) }),
  LearnAmpCapabilitiesObserved: fc.record({ unsupported: fc.subarray(['SetAvatar', 'ClearAvatar'] as const) }),
  ConnectionCreated: fc.record({
    formatVersion: fc.constant(1),
    connectionId: text,
    tenantId: userId,
    groupId,
    keyStoreId: text,
    ...settings,
  }),
  ScopeGroupChanged: fc.record({ from: groupId, to: groupId, actor }),
  ConnectionSettingsChanged: fc.record(settings),
  PreferencesChanged: fc.record({ preferences: fc.dictionary(text, text), actor }),
  EngineStarted: fc.record({ epoch: fc.nat(5), version: text }),
  DeltaCursorMoved: fc.record({
    source,
    cursor,
    groupIds: fc.array(groupId, { maxLength: 2 }),
    link: text,
    fingerprint: text,
    issuedAt: time,
    graphTime: time,
    round: fc.record({ id: text, kind: fc.constantFrom('initial' as const, 'incremental' as const, 'full' as const) }),
    reached: fc.constantFrom('page' as const, 'deltaLink' as const),
  }),
  DeltaCursorDropped: fc.record({ source, cursor }),
  ResyncRequired: fc.record({ source, cursor, reason: text }),
  SyncStarted: fc.record({
    trigger: fc.constantFrom('manual' as const, 'schedule' as const, 'notification' as const, 'full' as const),
  }),
  SyncCompleted: fc.record({ rounds: fc.nat(3), graphTime: time }),
  SyncAborted: fc.record({ reason: text, host: text }, { requiredKeys: ['reason'] }),
  CredentialFailed: fc.record({ system: fc.constantFrom('graph' as const, 'learn-amp' as const), code: text }),
  ConnectionPaused: fc.record({ actor, reason: text }),
  ConnectionResumed: fc.record({ actor, reason: text }),
  ConnectionDisconnected: fc.record({ actor, reason: text }),
};

/** The types that a history can be made of. */
export const madeTypes = Object.keys(data) as ReadonlyArray<DirectoryEventType>;

/** Any history of events of these types, possible and impossible ones: a reducer never refuses. */
export const histories = (types: ReadonlyArray<DirectoryEventType>): fc.Arbitrary<ReadonlyArray<DirectoryEvent>> =>
  fc.array(
    fc.oneof(
      ...types.map((type) =>
        (data[type] as fc.Arbitrary<unknown>).map((made) => ({ type, data: made }) as DirectoryEvent),
      ),
    ),
    { maxLength: 30 },
  );
