import type { EventEnvelope } from '@learnamp/directory-sync-event-sourcing';
import { produce } from 'immer';
import type { Command, CommandKind, ProfileField } from '../commands.js';
import { profileFields } from '../commands.js';
import type { DirectoryEvent, DirectoryEventOf, DirectoryEventType } from '../events/directory-events.js';
import type { HoldReason } from '../events/delivery-events.js';
import type { CommandId, LearnAmpUserId, ObjectId, TeamId, TeamKey } from '../ids.js';
import type { AccountStatus, LearnAmpAccount } from '../learn-amp-account.js';
import type { RejectionCode } from '../receipts.js';

/** Where a person's deactivation or creation stands with the people who approve. */
export type Hold = {
  readonly kind: 'deactivations' | 'creations';
  readonly standing: 'held' | 'approved' | 'rejected';
  readonly reason: HoldReason | undefined;
};

export type Rejected = { readonly command: Command; readonly code: RejectionCode; readonly fields: ReadonlyArray<string> };
export type Deferred = { readonly on: string; readonly waitingFor: ObjectId | null };

/**
 * What Learn Amp holds of one person, as far as receipts and looks tell.
 * Invariant: a slot of a dispatched command is in `unknown` until its receipt or a look at Learn Amp; nothing is planned on it.
 */
export type DeliveredPerson = {
  readonly userId: ObjectId;
  readonly link: LearnAmpUserId | undefined;
  /** An account that is not linked yet and matches, or `null`: looked, and there is none. `undefined`: not looked. */
  readonly candidate: LearnAmpAccount | null | undefined;
  /** The linked account was looked for by its id and is not there. */
  readonly gone: boolean;
  readonly status: AccountStatus | undefined;
  readonly role: string | null | undefined;
  readonly email: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly profile: Readonly<Partial<Record<ProfileField, string | null>>>;
  /** Fields whose present value this engine wrote: only those are emptied without an explicit null. */
  readonly owned: ReadonlyArray<string>;
  readonly teamKey: TeamKey | undefined;
  readonly teamId: TeamId | null | undefined;
  readonly managerLearnAmpUserId: LearnAmpUserId | null | undefined;
  /** Whose account that override points to, when this engine set it. */
  readonly managerSet: ObjectId | undefined;
  readonly customFields: Readonly<Record<string, string | null>>;
  readonly unknown: Readonly<Partial<Record<CommandKind, CommandId>>>;
  /** A creation was dispatched and no answer said what became of it: look before the next attempt. */
  readonly createUncertain: boolean;
  readonly rejected: Readonly<Partial<Record<CommandKind, Rejected>>>;
  readonly deferred: Readonly<Partial<Record<CommandKind, Deferred>>>;
  readonly parked: Readonly<Partial<Record<CommandKind, string>>>;
  readonly conflict: { readonly conflict: string; readonly learnAmpUserId: LearnAmpUserId | null } | undefined;
  readonly hold: Hold | undefined;
  /** Revision of the last look at Learn Amp that told something new. */
  readonly observedRevision: string;
};

export const initialDelivered = (userId: string): DeliveredPerson => ({
  userId: userId as ObjectId,
  link: undefined,
  candidate: undefined,
  gone: false,
  status: undefined,
  role: undefined,
  email: undefined,
  firstName: undefined,
  lastName: undefined,
  profile: {},
  owned: [],
  teamKey: undefined,
  teamId: undefined,
  managerLearnAmpUserId: undefined,
  managerSet: undefined,
  customFields: {},
  unknown: {},
  createUncertain: false,
  rejected: {},
  deferred: {},
  parked: {},
  conflict: undefined,
  hold: undefined,
  observedRevision: '',
});

export const deliveredEventTypes: ReadonlyArray<DirectoryEventType> = [
  'UserJoinedGroup',
  'CommandsDispatched',
  'CommandSucceeded',
  'CommandRejected',
  'CommandDeferred',
  'CommandParked',
  'UserLinked',
  'LearnAmpUserObserved',
  'IdentityConflictDetected',
  'CommandsHeld',
  'HeldCommandsApproved',
  'HeldCommandsRejected',
  'HoldDissolved',
  'PersonErased',
];

type Draft = { -readonly [K in keyof DeliveredPerson]: DeliveredPerson[K] };

const without = <T extends object>(record: T, key: PropertyKey): T =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T;

/** What an answer showed replaces what was believed; what it left out stays. */
const applyAccount = (draft: Draft, account: LearnAmpAccount): void => {
  draft.status = account.status;
  draft.email = account.email;
  if (account.firstName !== null) draft.firstName = account.firstName;
  if (account.lastName !== null) draft.lastName = account.lastName;
  if (account.role !== undefined) draft.role = account.role;
  const shown = profileFields.filter((field) => account[field] !== undefined);
  draft.profile = {
    ...draft.profile,
    ...Object.fromEntries(shown.map((field) => [field, emptyAsNull(account[field] ?? null)])),
  };
  if (account.primaryTeam !== undefined) {
    const teamId = account.primaryTeam?.teamId ?? null;
    if (teamId !== draft.teamId) draft.teamKey = undefined;
    draft.teamId = teamId;
  }
  if (account.managerLearnAmpUserId !== undefined) {
    if (account.managerLearnAmpUserId !== draft.managerLearnAmpUserId) draft.managerSet = undefined;
    draft.managerLearnAmpUserId = account.managerLearnAmpUserId;
  }
  if (account.customFields !== undefined) draft.customFields = { ...draft.customFields, ...account.customFields };
};

const emptyAsNull = (value: string | null): string | null => (value === '' ? null : value);

const applyIdentity = (draft: Draft, identity: { email: string; firstName: string; lastName: string }): void => {
  draft.email = identity.email;
  draft.firstName = identity.firstName;
  draft.lastName = identity.lastName;
};

const own = (draft: Draft, fields: ReadonlyArray<string>): void => {
  draft.owned = [...new Set([...draft.owned, ...fields])];
};

/** What a command that succeeded left at Learn Amp. */
const applyCommand = (draft: Draft, command: Command): void => {
  switch (command.kind) {
    case 'CreateUser':
      applyIdentity(draft, command.identity);
      draft.profile = {
        ...Object.fromEntries(profileFields.map((field) => [field, null])),
        ...command.profile,
      };
      own(draft, Object.keys(command.profile));
      draft.teamId = null;
      draft.managerLearnAmpUserId = null;
      draft.createUncertain = false;
      draft.status ??= command.invite === 'none' ? 'not_invited' : 'invite_pending';
      return;
    case 'LinkUser':
      applyIdentity(draft, command.identity);
      return;
    case 'UpdateProfile':
      applyIdentity(draft, command.identity);
      draft.profile = {
        ...draft.profile,
        ...command.set,
        ...Object.fromEntries(command.clear.map((field) => [field, null])),
      };
      own(draft, [...Object.keys(command.set), ...command.clear]);
      return;
    case 'ChangeEmail':
      applyIdentity(draft, command.identity);
      return;
    case 'DeactivateUser':
      // Learn Amp drops team memberships and the override with the account (learnamp.md 3.1): all is applied again on return.
      draft.status = 'deactivated';
      draft.teamKey = undefined;
      draft.teamId = undefined;
      draft.managerLearnAmpUserId = undefined;
      draft.managerSet = undefined;
      return;
    case 'ReactivateUser':
      if (draft.candidate !== null && draft.candidate !== undefined) {
        const { primaryTeam: _team, managerLearnAmpUserId: _manager, ...rest } = draft.candidate;
        draft.candidate = { ...rest, status: 'confirmed' };
      }
      draft.status = 'confirmed';
      draft.teamKey = undefined;
      draft.teamId = undefined;
      draft.managerLearnAmpUserId = undefined;
      draft.managerSet = undefined;
      return;
    case 'SetPrimaryTeam':
      draft.teamKey = command.teamKey;
      draft.teamId = command.teamId;
      return;
    case 'SetOverrideManager':
      draft.managerLearnAmpUserId = command.managerLearnAmpUserId;
      draft.managerSet = command.managerUserId;
      draft.deferred = without(draft.deferred, 'SetOverrideManager');
      return;
    case 'ClearOverrideManager':
      draft.managerLearnAmpUserId = null;
      draft.managerSet = undefined;
      return;
    case 'SetCustomFields':
      draft.customFields = {
        ...draft.customFields,
        ...Object.fromEntries(command.fields.map(({ name, value }) => [name, value])),
      };
      own(
        draft,
        command.fields.map(({ name }) => `custom:${name}`),
      );
      return;
    case 'SetAvatar':
    case 'ClearAvatar':
    case 'SendInvitation':
    case 'EnsureTeam':
      return;
  }
};

const settle = (draft: Draft, kind: CommandKind): void => {
  draft.unknown = without(draft.unknown, kind);
};

const succeeded = (draft: Draft, data: DirectoryEventOf<'CommandSucceeded'>['data']): void => {
  const { command, account, result } = data;
  settle(draft, command.kind);
  draft.rejected = without(draft.rejected, command.kind);
  draft.parked = without(draft.parked, command.kind);
  // An account that was found, not made, holds what it shows; one that was written holds what was sent.
  if (account !== undefined) applyAccount(draft, account);
  if (command.kind === 'CreateUser' && result === 'found') draft.createUncertain = false;
  else applyCommand(draft, command);
};

const observed = (draft: Draft, account: LearnAmpAccount | null): void => {
  draft.unknown = {};
  if (draft.link === undefined) {
    draft.candidate = account;
    if (account === null || account.learnAmpUserId !== draft.conflict?.learnAmpUserId) draft.conflict = undefined;
    return;
  }
  draft.gone = account === null;
  if (account !== null) applyAccount(draft, account);
};

const dispatched = (draft: Draft, data: DirectoryEventOf<'CommandsDispatched'>['data'], key: string): void => {
  for (const { commandId, subject, kind } of data.items) {
    if (subject !== key || kind === 'EnsureTeam') continue;
    draft.unknown = { ...draft.unknown, [kind]: commandId };
    if (kind === 'CreateUser') draft.createUncertain = true;
  }
};

const change = (draft: Draft, event: DirectoryEvent, key: string): void => {
  switch (event.type) {
    case 'UserJoinedGroup':
      // A returner, or a change of the person: what was refused or rejected before is asked anew.
      draft.rejected = {};
      if (draft.hold?.standing !== 'held') draft.hold = undefined;
      return;
    case 'CommandsDispatched':
      dispatched(draft, event.data, key);
      return;
    case 'CommandSucceeded':
      succeeded(draft, event.data);
      return;
    case 'CommandRejected': {
      const { command, code, fields } = event.data;
      settle(draft, command.kind);
      if (command.kind === 'CreateUser') draft.createUncertain = false;
      draft.rejected = { ...draft.rejected, [command.kind]: { command, code, fields } };
      return;
    }
    case 'CommandDeferred':
      settle(draft, event.data.kind);
      draft.deferred = {
        ...draft.deferred,
        [event.data.kind]: { on: event.data.on, waitingFor: event.data.waitingFor },
      };
      return;
    case 'CommandParked':
      settle(draft, event.data.kind);
      draft.parked = { ...draft.parked, [event.data.kind]: event.data.reason };
      return;
    case 'UserLinked':
      draft.link = event.data.learnAmpUserId;
      draft.createUncertain = false;
      draft.gone = false;
      draft.conflict = undefined;
      draft.parked = {};
      if (draft.candidate?.learnAmpUserId === event.data.learnAmpUserId) applyAccount(draft, draft.candidate);
      draft.candidate = undefined;
      return;
    case 'LearnAmpUserObserved':
      observed(draft, event.data.account);
      return;
    case 'IdentityConflictDetected':
      settle(draft, 'CreateUser');
      draft.conflict = { conflict: event.data.conflict, learnAmpUserId: event.data.learnAmpUserId };
      return;
    case 'CommandsHeld':
      draft.hold = { kind: event.data.kind, standing: 'held', reason: event.data.reason };
      return;
    case 'HeldCommandsApproved':
    case 'HeldCommandsRejected':
      if (draft.hold?.kind === event.data.kind)
        draft.hold = { ...draft.hold, standing: event.type === 'HeldCommandsApproved' ? 'approved' : 'rejected' };
      return;
    case 'HoldDissolved':
      draft.hold = undefined;
      return;
    case 'PersonErased':
      draft.email = undefined;
      draft.firstName = undefined;
      draft.lastName = undefined;
      draft.profile = {};
      draft.customFields = {};
      draft.candidate = undefined;
      draft.rejected = {};
      return;
    default:
  }
};

/** The people whose delivered state an event touches. */
export const deliveredKeysOf = (event: DirectoryEvent): ReadonlyArray<string> => {
  switch (event.type) {
    case 'CommandsDispatched':
      return [...new Set(event.data.items.flatMap(({ kind, subject }) => (kind === 'EnsureTeam' ? [] : [subject])))];
    case 'CommandsHeld':
    case 'HeldCommandsApproved':
    case 'HeldCommandsRejected':
    case 'HoldDissolved':
      return event.data.userIds;
    case 'CommandSucceeded':
    case 'CommandRejected':
      return event.data.command.kind === 'EnsureTeam' ? [] : [event.data.command.userId];
    default:
      return 'userId' in event.data ? [event.data.userId] : [];
  }
};

/** Folds one event into what Learn Amp holds of one person. */
export const evolveDelivered = (
  state: DeliveredPerson,
  event: EventEnvelope<DirectoryEvent>,
  key: string,
): DeliveredPerson =>
  produce(state, (draft: Draft) => {
    change(draft, event as DirectoryEvent, key);
    if (event.type === 'LearnAmpUserObserved') draft.observedRevision = event.revision.toString();
  });
