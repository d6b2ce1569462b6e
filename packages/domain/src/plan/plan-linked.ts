import type { Command, Identity } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { LearnAmpUserId } from '../ids.js';
import { holdsOurOverride, managerWish } from './manager-wish.js';
import { nothing, type PersonPlan, type PlanNote } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { customFieldDifference, identityAt, profileDifference } from './profile-difference.js';
import { isRefused } from './refused.js';

type Linked = {
  readonly person: DirectoryPerson;
  readonly desired: DesiredPerson;
  readonly delivered: DeliveredPerson;
  readonly learnAmpUserId: LearnAmpUserId;
};

type Part = {
  readonly commands: ReadonlyArray<Command>;
  readonly standing?: ReadonlyArray<DirectoryEvent>;
  readonly notes?: ReadonlyArray<PlanNote>;
};

const emailPart = (context: PlanContext, at: Linked): Part => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const from = delivered.email ?? '';
  if (desired.email === undefined || from.toLowerCase() === desired.email) return { commands: [] };
  const { userId } = person;
  const holder = context.holderOfEmail(desired.email);
  if (holder !== undefined && holder !== userId) {
    // The address is another person's: they may be about to give it up; two who want each other's wait for a decision.
    const theirs = context.person(holder);
    const wants = theirs?.inScope === true ? context.desired(theirs).email : undefined;
    const moving = wants !== undefined && wants !== desired.email;
    const swap = moving && wants === from.toLowerCase();
    if (moving && !swap) return { commands: [] };
    const conflict = swap ? 'address-swap' : 'address-of-another-person';
    const known = delivered.conflict?.conflict === conflict;
    return {
      commands: [],
      standing: known
        ? []
        : [
            {
              type: 'IdentityConflictDetected',
              data: { userId, conflict, otherUserId: holder, learnAmpUserId: context.delivered(holder).link ?? null },
            },
          ],
      notes: [{ userId, kind: 'identity-conflict', reason: conflict }],
    };
  }
  const identity = { ...identityAt(delivered, desired), email: desired.email };
  return { commands: [{ kind: 'ChangeEmail', userId, learnAmpUserId, from, identity }] };
};

const profilePart = (context: PlanContext, at: Linked, identity: Identity): ReadonlyArray<Command> => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  const named = {
    email: identity.email,
    firstName: desired.firstName ?? identity.firstName,
    lastName: desired.lastName ?? identity.lastName,
  };
  const { set, clear } = profileDifference(context.preferences, desired, delivered);
  const renamed = named.firstName !== delivered.firstName || named.lastName !== delivered.lastName;
  const fields = customFieldDifference(context.preferences, desired, delivered);
  return [
    ...(renamed || Object.keys(set).length > 0 || clear.length > 0
      ? [{ kind: 'UpdateProfile' as const, userId, learnAmpUserId, identity: named, set, clear }]
      : []),
    ...(fields.length > 0
      ? [{ kind: 'SetCustomFields' as const, userId, learnAmpUserId, identity: named, fields }]
      : []),
  ];
};

const teamPart = (context: PlanContext, at: Linked, identity: Identity): ReadonlyArray<Command> => {
  const { desired, delivered, person, learnAmpUserId } = at;
  if (desired.team === undefined) return [];
  const team = context.team(desired.team.key);
  if (team === undefined || team.teamId === delivered.teamId) return [];
  return [
    {
      kind: 'SetPrimaryTeam',
      userId: person.userId,
      learnAmpUserId,
      identity,
      teamKey: desired.team.key,
      teamId: team.teamId,
    },
  ];
};

const managerPart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  const wish = managerWish(context, person);
  switch (wish._tag) {
    case 'Keep':
      return {
        commands: [],
        notes: wish.note === undefined ? [] : [{ userId, kind: 'deferred', reason: wish.note }],
      };
    case 'Assign': {
      if (delivered.managerLearnAmpUserId === wish.managerLearnAmpUserId) return { commands: [] };
      const { managerUserId, managerLearnAmpUserId } = wish;
      return {
        commands: [
          { kind: 'SetOverrideManager', userId, learnAmpUserId, identity, managerUserId, managerLearnAmpUserId },
        ],
      };
    }
    case 'Clear': {
      const commands: ReadonlyArray<Command> = holdsOurOverride(delivered)
        ? [{ kind: 'ClearOverrideManager', userId, learnAmpUserId, identity }]
        : [];
      if (wish.waiting === undefined) return { commands };
      const { on, waitingFor } = wish.waiting;
      const known = delivered.deferred.SetOverrideManager;
      const same = known?.on === on && known.waitingFor === waitingFor;
      return {
        commands,
        standing: same
          ? []
          : [{ type: 'CommandDeferred', data: { userId, kind: 'SetOverrideManager', on, waitingFor } }],
        notes: [{ userId, kind: 'deferred', reason: on }],
      };
    }
  }
};

const languageNotes = ({ desired }: Linked): ReadonlyArray<PlanNote> =>
  desired.notes.flatMap((note) =>
    note._tag === 'UnmappedLanguage'
      ? [{ userId: desired.userId, kind: 'unmapped-language' as const, reason: 'language not offered by Learn Amp' }]
      : [],
  );

/** A person in scope with a linked account: the difference between what Learn Amp holds and what is desired. */
export const planLinked = (context: PlanContext, at: Linked): PersonPlan => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  if (delivered.gone) {
    const reason = 'account-deleted-at-learn-amp';
    return {
      ...nothing,
      standing:
        delivered.parked.UpdateProfile === reason
          ? []
          : [{ type: 'CommandParked', data: { userId, kind: 'UpdateProfile', reason } }],
      notes: [{ userId, kind: 'parked', reason }],
    };
  }
  const reactivate: ReadonlyArray<Command> =
    delivered.status === 'deactivated'
      ? [{ kind: 'ReactivateUser', userId, learnAmpUserId, reason: person.leave === undefined ? 'returned' : 'drift' }]
      : [];
  const email = emailPart(context, at);
  const emailSent = email.commands.filter((command) => !isRefused(delivered, command));
  const present = identityAt(delivered, desired);
  const identity = emailSent.length > 0 ? { ...present, email: desired.email ?? present.email } : present;
  const manager = managerPart(context, at, present);
  const commands = [
    ...reactivate,
    ...emailSent,
    ...profilePart(context, at, identity),
    ...teamPart(context, at, present),
    ...manager.commands,
  ].filter((command) => !isRefused(delivered, command) && !context.unsupported.has(command.kind));
  return {
    ...nothing,
    // Nothing is written to an account that stays deactivated.
    commands: reactivate.length > 0 && commands[0]?.kind !== 'ReactivateUser' ? [] : commands,
    team: desired.team,
    standing: [...(email.standing ?? []), ...(manager.standing ?? [])],
    notes: [...(email.notes ?? []), ...(manager.notes ?? []), ...languageNotes(at)],
  };
};
