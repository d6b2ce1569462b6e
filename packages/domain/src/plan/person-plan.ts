import type { Command, CommandKind, CommandOf } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryEvent, DirectoryEventOf } from '../events/directory-events.js';
import type { ObjectId, TeamKey } from '../ids.js';

/** Something a person should look at; it is reported while it stands. */
export type PlanNote = {
  readonly userId: ObjectId;
  readonly kind:
    | 'parked'
    | 'rejected'
    | 'identity-conflict'
    | 'leave-unconfirmed'
    | 'no-email'
    | 'protected'
    | 'deferred'
    | 'unanswered'
    | 'unmapped-language'
    | 'shortened'
    | 'unusable-hire-date';
  readonly reason: string;
};

/** What one person needs now, from the present state. */
export type PersonPlan = {
  readonly commands: ReadonlyArray<Command>;
  /** A deactivation that may be sent if the hold allows it. */
  readonly leaver: CommandOf<'DeactivateUser'> | undefined;
  /** The team this person's primary team needs, ensured or not. */
  readonly team: { readonly key: TeamKey; readonly name: string } | undefined;
  /** Facts about the plan that are not in the log yet: deferrals, conflicts, parking. Recorded once, when they change. */
  readonly standing: ReadonlyArray<DirectoryEvent>;
  readonly notes: ReadonlyArray<PlanNote>;
};

export const nothing: PersonPlan = { commands: [], leaver: undefined, team: undefined, standing: [], notes: [] };

/** What stands in the way of a command: the fact for the log, unless the log has it, and the note. */
export type Standing = Pick<PersonPlan, 'standing' | 'notes'>;

/** Needs a person: a decision, or a fact that is missing. */
export const parked = (delivered: DeliveredPerson, kind: CommandKind, reason: string): Standing => {
  const { userId } = delivered;
  const known = delivered.parked[kind] === reason;
  return {
    standing: known ? [] : [{ type: 'CommandParked', data: { userId, kind, reason } }],
    notes: [{ userId, kind: 'parked', reason }],
  };
};

/** Two accounts and two people do not fit together; nobody is guessed to be somebody else. */
export const conflicted = (
  delivered: DeliveredPerson,
  data: DirectoryEventOf<'IdentityConflictDetected'>['data'],
): Standing => {
  const { userId, conflict, learnAmpUserId } = data;
  const known = delivered.conflict?.conflict === conflict && delivered.conflict.learnAmpUserId === learnAmpUserId;
  return {
    standing: known ? [] : [{ type: 'IdentityConflictDetected', data }],
    notes: [{ userId, kind: 'identity-conflict', reason: conflict }],
  };
};

/** Waits for somebody else, and is no failure. */
export const deferred = (
  delivered: DeliveredPerson,
  kind: CommandKind,
  waiting: Pick<DirectoryEventOf<'CommandDeferred'>['data'], 'on' | 'waitingFor'>,
): Standing => {
  const { userId } = delivered;
  const { on, waitingFor } = waiting;
  const before = delivered.deferred[kind];
  const known = before?.on === on && before.waitingFor === waitingFor;
  return {
    standing: known ? [] : [{ type: 'CommandDeferred', data: { userId, kind, on, waitingFor } }],
    notes: [{ userId, kind: 'deferred', reason: on }],
  };
};
