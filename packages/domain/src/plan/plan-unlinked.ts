import type { Command, CommandOf, ProfileValues } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import type { DirectoryEvent } from '../events/directory-events.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import { isObjectId, type ObjectId } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import { nothing, type PersonPlan } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { customFieldDifference, profileDifference } from './profile-difference.js';
import { isRefused } from './refused.js';

type Conflict = Extract<DirectoryEvent, { readonly type: 'IdentityConflictDetected' }>['data'];

type Subject = { readonly person: DirectoryPerson; readonly desired: DesiredPerson; readonly delivered: DeliveredPerson };

const conflicted = (delivered: DeliveredPerson, conflict: Conflict): PersonPlan => {
  const known =
    delivered.conflict?.conflict === conflict.conflict &&
    delivered.conflict.learnAmpUserId === conflict.learnAmpUserId;
  return {
    ...nothing,
    standing: known ? [] : [{ type: 'IdentityConflictDetected', data: conflict }],
    notes: [{ userId: conflict.userId, kind: 'identity-conflict', reason: conflict.conflict }],
  };
};

const parked = (delivered: DeliveredPerson, userId: ObjectId, reason: string): PersonPlan => ({
  ...nothing,
  standing:
    delivered.parked.CreateUser === reason
      ? []
      : [{ type: 'CommandParked', data: { userId, kind: 'CreateUser', reason } }],
  notes: [{ userId, kind: 'parked', reason }],
});

const valuesOf = (desired: DesiredPerson): ProfileValues =>
  Object.fromEntries(Object.entries(desired.profile).filter(([, value]) => typeof value === 'string')) as ProfileValues;

const createUser = (context: PlanContext, { desired }: Subject, email: string): CommandOf<'CreateUser'> => ({
  kind: 'CreateUser',
  userId: desired.userId,
  identity: { email, firstName: desired.firstName ?? '', lastName: desired.lastName ?? '' },
  externalId: context.preferences.externalId === 'integrationExternalId' ? desired.userId : null,
  profile: valuesOf(desired),
  invite:
    context.preferences.invitations === 'immediate'
      ? 'now'
      : context.preferences.invitations === 'hire-date' && typeof desired.profile.hireDate === 'string'
        ? { on: desired.profile.hireDate }
        : 'none',
});

/** The candidate still is the one: found under our id, or holding the address that is wanted now. */
const stillMatches = (account: LearnAmpAccount, subject: Subject): boolean =>
  account.externalId?.toLowerCase() === subject.person.userId ||
  account.email.toLowerCase() === subject.desired.email;

/** Commands that make an account that exists already the person's own: no invitation, no second account (FC-47). */
const adopt = (context: PlanContext, subject: Subject, account: LearnAmpAccount): PersonPlan => {
  const { desired, delivered, person } = subject;
  const { userId } = person;
  const { learnAmpUserId } = account;
  const holder = context.holderOfAccount(learnAmpUserId);
  const foreign = account.externalId ?? null;
  const ours = foreign?.toLowerCase() === userId;
  const otherPerson = holder ?? (foreign !== null && !ours && isObjectId(foreign.toLowerCase()) ? (foreign.toLowerCase() as ObjectId) : undefined);
  if (otherPerson !== undefined && otherPerson !== userId)
    return conflicted(delivered, {
      userId,
      conflict: 'address-of-another-person',
      otherUserId: otherPerson,
      learnAmpUserId,
    });
  if (!ours && !context.preferences.adoptByEmail) return parked(delivered, userId, 'adoption-refused');

  const commands: Command[] = [];
  const identity = {
    email: account.email,
    firstName: account.firstName ?? desired.firstName ?? '',
    lastName: account.lastName ?? desired.lastName ?? '',
  };
  if (account.status === 'deactivated')
    commands.push({ kind: 'ReactivateUser', userId, learnAmpUserId, reason: 'adopted' });
  const slot = context.preferences.externalId === 'integrationExternalId' && foreign === null ? userId : null;
  commands.push({ kind: 'LinkUser', userId, learnAmpUserId, externalId: ours ? userId : slot, identity });

  // The profile goes with it: compared with what the account shows.
  const shown: DeliveredPerson = { ...delivered, profile: shownProfile(account), customFields: account.customFields ?? {} };
  const { set, clear } = profileDifference(context.preferences, desired, shown);
  const named = {
    email: identity.email,
    firstName: desired.firstName ?? identity.firstName,
    lastName: desired.lastName ?? identity.lastName,
  };
  const differs = named.firstName !== identity.firstName || named.lastName !== identity.lastName;
  if (differs || Object.keys(set).length > 0 || clear.length > 0)
    commands.push({ kind: 'UpdateProfile', userId, learnAmpUserId, identity: named, set, clear });
  const fields = customFieldDifference(context.preferences, desired, shown);
  if (fields.length > 0) commands.push({ kind: 'SetCustomFields', userId, learnAmpUserId, identity: named, fields });
  return { ...nothing, commands: untilRefused(delivered, commands), team: desired.team };
};

const shownProfile = (account: LearnAmpAccount): DeliveredPerson['profile'] => ({
  ...(account.jobTitle === undefined ? {} : { jobTitle: account.jobTitle }),
  ...(account.department === undefined ? {} : { department: account.department }),
  ...(account.location === undefined ? {} : { location: account.location }),
  ...(account.language === undefined ? {} : { language: account.language }),
  ...(account.hireDate === undefined ? {} : { hireDate: account.hireDate }),
});

/** Within a person the order is strict: after a command that Learn Amp refused, what follows has to wait. */
export const untilRefused = (delivered: DeliveredPerson, commands: ReadonlyArray<Command>): ReadonlyArray<Command> => {
  const at = commands.findIndex((command) => isRefused(delivered, command));
  return at === -1 ? commands : commands.slice(0, at);
};

/** A person in scope without an account of their own yet: create, adopt, or say why not. */
export const planUnlinked = (context: PlanContext, subject: Subject): PersonPlan => {
  const { desired, delivered, person } = subject;
  const { userId } = person;
  if (desired.email === undefined)
    return { ...nothing, notes: [{ userId, kind: 'no-email', reason: desired.noEmail ?? 'missing' }] };
  if (desired.firstName === undefined || desired.lastName === undefined) return parked(delivered, userId, 'no-name');
  const { candidate } = delivered;
  if (candidate !== null && candidate !== undefined && stillMatches(candidate, subject))
    return adopt(context, subject, candidate);
  if (context.preferences.deactivateBlockedAccounts && !person.accountEnabled) return nothing;
  const holder = context.holderOfEmail(desired.email);
  if (holder !== undefined && holder !== userId)
    return conflicted(delivered, {
      userId,
      conflict: 'address-of-another-person',
      otherUserId: holder,
      learnAmpUserId: context.delivered(holder).link ?? null,
    });
  const command = createUser(context, subject, desired.email);
  return { ...nothing, commands: untilRefused(delivered, [command]), team: desired.team };
};
