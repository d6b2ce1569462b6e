import { defineEvent } from '@learnamp/directory-sync-event-sourcing';
import * as t from 'io-ts';
import { Command, CommandKind } from '../commands.js';
import { CommandId, LearnAmpUserId, ObjectId, TeamId, TeamKey } from '../ids.js';
import { LearnAmpAccount } from '../learn-amp-account.js';
import { RejectionCode } from '../receipts.js';

export const HeldKind = t.keyof({ deactivations: null, creations: null });
/** Why a deactivation or creation waits for a person (`docs/how-to/decide-about-holds.md`). */
export const HoldReason = t.keyof({
  count: null,
  'small-share': null,
  'large-share': null,
  'scope-empty': null,
  'scope-group-deleted': null,
  'scope-group-unreadable': null,
  'scope-group-changed': null,
  protected: null,
  'last-owner': null,
});
export type HoldReason = t.TypeOf<typeof HoldReason>;

/** These commands wait for a person. Chunks of at most 500 people; it stands until approved, rejected or dissolved. */
export const CommandsHeld = defineEvent({
  type: 'CommandsHeld',
  data: t.strict({ kind: HeldKind, reason: HoldReason, userIds: t.readonlyArray(ObjectId), graphTime: t.string }),
  subjects: (data) => data.userIds,
});

const decided = <T extends string>(type: T) =>
  defineEvent({
    type,
    data: t.strict({ kind: HeldKind, userIds: t.readonlyArray(ObjectId), actor: t.string, reason: t.string }),
    subjects: (data) => data.userIds,
    sealing: { kind: 'fields', fields: ['actor', 'reason'] },
  });
export const HeldCommandsApproved = decided('HeldCommandsApproved');
export const HeldCommandsRejected = decided('HeldCommandsRejected');

/** These people need no decision any more: they returned, or the wanted state changed. */
export const HoldDissolved = defineEvent({
  type: 'HoldDissolved',
  data: t.strict({ kind: HeldKind, userIds: t.readonlyArray(ObjectId) }),
  subjects: (data) => data.userIds,
});

/** Appended before the calls: fences the dispatch and marks what it touches as unknown until the receipt (design D2). */
export const CommandsDispatched = defineEvent({
  type: 'CommandsDispatched',
  data: t.strict({
    plannerVersion: t.number,
    graphTime: t.string,
    items: t.readonlyArray(
      t.exact(
        t.intersection([
          t.type({ commandId: CommandId, subject: t.string, kind: CommandKind, mac: t.string }),
          /** Somebody approved it: it is no part of what the hold counts. */
          t.partial({ approved: t.literal(true) }),
        ]),
      ),
    ),
  }),
  subjects: (data) => [
    ...new Set(data.items.filter(({ kind }) => kind !== 'EnsureTeam').map(({ subject }) => subject)),
  ],
});

const receipt = { commandId: CommandId, command: Command };
const owner = (data: { readonly command: Command }) =>
  data.command.kind === 'EnsureTeam' ? undefined : data.command.userId;
const subjects = (data: { readonly command: Command }) =>
  data.command.kind === 'EnsureTeam' ? [] : [data.command.userId];

export const CommandSucceeded = defineEvent({
  type: 'CommandSucceeded',
  data: t.exact(
    t.intersection([
      t.type({
        ...receipt,
        result: t.keyof({ created: null, updated: null, noop: null, found: null }),
      }),
      t.partial({
        account: LearnAmpAccount,
        before: t.UnknownRecord,
        dropped: t.readonlyArray(t.keyof({ language: null })),
        photoHash: t.string,
      }),
    ]),
  ),
  subjects,
  sealing: { kind: 'owner', owner },
});

export const CommandRejected = defineEvent({
  type: 'CommandRejected',
  data: t.strict({ ...receipt, code: RejectionCode, fields: t.readonlyArray(t.string) }),
  subjects,
  sealing: { kind: 'owner', owner },
});

/** Waits for another person's account, or for one that is inactive; retried when either end appears. */
export const CommandDeferred = defineEvent({
  type: 'CommandDeferred',
  data: t.strict({
    userId: ObjectId,
    kind: CommandKind,
    on: t.keyof({ 'manager-absent': null, 'manager-inactive': null, 'manager-self': null, 'address-taken': null }),
    waitingFor: t.union([ObjectId, t.null]),
  }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

/** Needs a person: it will not be tried again before the person's facts or the preferences change. */
export const CommandParked = defineEvent({
  type: 'CommandParked',
  data: t.strict({ userId: ObjectId, kind: CommandKind, reason: t.string }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

/**
 * Learn Amp answered others in this cycle, and gave no answer about these: an error of the server, a lost connection, silence. What was
 * sent for them stays unknown and is looked up first; who has no answer again and again is parked. At most 100 of them.
 */
export const CommandsUnanswered = defineEvent({
  type: 'CommandsUnanswered',
  data: t.strict({
    graphTime: t.string,
    items: t.readonlyArray(t.strict({ subject: t.string, kind: CommandKind })),
  }),
  subjects: (data) => [
    ...new Set(data.items.filter(({ kind }) => kind !== 'EnsureTeam').map(({ subject }) => subject)),
  ],
});

/**
 * Somebody wants these people, and these teams, tried again at once: what Learn Amp refused and what was parked is forgotten.
 * Chunks of at most 500 of each. A hold stays as it is.
 */
export const RetryRequested = defineEvent({
  type: 'RetryRequested',
  data: t.strict({
    userIds: t.readonlyArray(ObjectId),
    teamKeys: t.readonlyArray(TeamKey),
    actor: t.string,
    reason: t.string,
  }),
  subjects: (data) => data.userIds,
  sealing: { kind: 'fields', fields: ['actor', 'reason'] },
});

/** From here on the account is addressed by this id; matching never uses an address again. */
export const UserLinked = defineEvent({
  type: 'UserLinked',
  data: t.strict({
    userId: ObjectId,
    learnAmpUserId: LearnAmpUserId,
    how: t.keyof({ created: null, adopted: null, found: null }),
  }),
  subjects: (data) => [data.userId],
});

export const TeamEnsured = defineEvent({
  type: 'TeamEnsured',
  data: t.strict({ teamKey: TeamKey, name: t.string, teamId: TeamId, how: t.keyof({ created: null, existing: null }) }),
});

/** A team was deleted by hand at Learn Amp. It is made again when somebody needs it. */
export const TeamGone = defineEvent({ type: 'TeamGone', data: t.strict({ teamKey: TeamKey, teamId: TeamId }) });

/** What Learn Amp was seen to hold for a person. */
export const LearnAmpUserObserved = defineEvent({
  type: 'LearnAmpUserObserved',
  data: t.strict({ userId: ObjectId, account: t.union([LearnAmpAccount, t.null]) }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

export const DriftDetected = defineEvent({
  type: 'DriftDetected',
  data: t.strict({ userId: ObjectId, fields: t.readonlyArray(t.string) }),
  subjects: (data) => [data.userId],
  sealing: { kind: 'owner', owner: (data) => data.userId },
});

export const IdentityConflictDetected = defineEvent({
  type: 'IdentityConflictDetected',
  data: t.strict({
    userId: ObjectId,
    conflict: t.keyof({
      'address-of-another-person': null,
      'external-id-of-another-person': null,
      'foreign-external-id': null,
      'address-swap': null,
    }),
    otherUserId: t.union([ObjectId, t.null]),
    learnAmpUserId: t.union([LearnAmpUserId, t.null]),
  }),
  subjects: (data) => (data.otherUserId === null ? [data.userId] : [data.userId, data.otherUserId]),
});

/**
 * Kinds of command the port cannot do: counted, never dispatched. `otherOwners`: active owners whose accounts are nobody's
 * here, as the last look at the whole list showed them. `seats`: whether the company's plan has room for anybody new.
 */
export const LearnAmpCapabilitiesObserved = defineEvent({
  type: 'LearnAmpCapabilitiesObserved',
  data: t.exact(
    t.intersection([
      t.type({ unsupported: t.readonlyArray(CommandKind) }),
      t.partial({ otherOwners: t.readonlyArray(LearnAmpUserId), seats: t.keyof({ some: null, none: null }) }),
    ]),
  ),
});

/**
 * Nothing is sent to Learn Amp until it goes on: `learn-amp-credentials`, `learn-amp-unreachable`, or `invariant-violated` with the
 * rule that a dispatch would have broken, whose it was, and the version that was stopped.
 */
export const DeliveryPaused = defineEvent({
  type: 'DeliveryPaused',
  data: t.exact(
    t.intersection([
      t.type({ reason: t.string }),
      t.partial({ invariant: t.string, subject: t.string, kind: CommandKind, version: t.string }),
    ]),
  ),
});
export const DeliveryResumed = defineEvent({ type: 'DeliveryResumed', data: t.strict({}) });
