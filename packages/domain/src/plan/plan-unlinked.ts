import type { Command, CommandOf, Identity, Invite, ProfileValues } from '../commands.js';
import { customFieldsShown, profileShown } from '../delivery/account-shown.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import { toObjectId, type ObjectId } from '../ids.js';
import type { LearnAmpAccount } from '../learn-amp-account.js';
import type { Preferences } from '../preferences/preferences.js';
import { conflicted, deferred, nothing, parked, type PersonPlan } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { customFieldDifference, profileDifference } from './profile-difference.js';
import { sendable } from './sendable.js';
import { addressStanding } from './wanted-address.js';

type Unlinked = { readonly desired: DesiredPerson; readonly delivered: DeliveredPerson };

/** Within a person without an account the order is strict: what follows a command that cannot go out has to wait. */
const inStrictOrder = (): boolean => true;

const valuesOf = ({ profile }: DesiredPerson): ProfileValues =>
  Object.fromEntries(Object.entries(profile).filter(([, value]) => typeof value === 'string'));

const inviteFor = ({ invitations }: Preferences, { profile }: DesiredPerson): Invite => {
  if (invitations === 'immediate') return 'now';
  return invitations === 'hire-date' && typeof profile.hireDate === 'string' ? { on: profile.hireDate } : 'none';
};

const create = (context: PlanContext, { desired, delivered }: Unlinked, email: string): PersonPlan => {
  const { userId, firstName, lastName, team } = desired;
  if (firstName === undefined || lastName === undefined)
    return { ...nothing, ...parked(delivered, 'CreateUser', 'no-name') };
  const command: CommandOf<'CreateUser'> = {
    kind: 'CreateUser',
    userId,
    identity: { email, firstName, lastName },
    externalId: context.preferences.externalId === 'integrationExternalId' ? userId : null,
    profile: valuesOf(desired),
    invite: inviteFor(context.preferences, desired),
  };
  return { ...nothing, ...sendable(context, delivered, [command], inStrictOrder), team };
};

/** The address this account has now: a look at it ages once it is somebody else's and changes with them. */
const presentEmail = (context: PlanContext, account: LearnAmpAccount): string => {
  const holder = context.holderOfAccount(account.learnAmpUserId);
  const held = holder === undefined ? undefined : context.delivered(holder).email;
  return (held ?? account.email).toLowerCase();
};

const isOurs = ({ externalId }: LearnAmpAccount, userId: ObjectId): boolean => externalId?.toLowerCase() === userId;

/** The account that was found still is the one: it carries our id, or the address that is wanted now. */
const stillMatches = (context: PlanContext, account: LearnAmpAccount, { userId, email }: DesiredPerson): boolean =>
  isOurs(account, userId) || presentEmail(context, account) === email;

/** Somebody else's account: linked to them, or with their object id where ours would stand. */
const otherOwner = (
  context: PlanContext,
  { learnAmpUserId, externalId }: LearnAmpAccount,
  userId: ObjectId,
): ObjectId | undefined => {
  const owner = context.holderOfAccount(learnAmpUserId) ?? toObjectId(externalId ?? '');
  return owner === userId ? undefined : owner;
};

/** Only an empty slot is written: a value that another system put there stays, and the link is kept by the engine alone. */
const externalIdFor = (
  { externalId: slot }: Preferences,
  account: LearnAmpAccount,
  userId: ObjectId,
): string | null => {
  if (isOurs(account, userId)) return userId;
  return slot === 'integrationExternalId' && (account.externalId ?? '') === '' ? userId : null;
};

/** Commands that make an account that exists already the person's own: no invitation, no second account (FC-47). */
const adopt = (context: PlanContext, { desired, delivered }: Unlinked, account: LearnAmpAccount): PersonPlan => {
  const { userId, team } = desired;
  const { learnAmpUserId } = account;
  const { preferences } = context;
  const held: Identity = {
    email: account.email,
    firstName: account.firstName ?? desired.firstName ?? '',
    lastName: account.lastName ?? desired.lastName ?? '',
  };
  const named: Identity = {
    email: held.email,
    firstName: desired.firstName ?? held.firstName,
    lastName: desired.lastName ?? held.lastName,
  };
  const shown = { profile: profileShown(account), customFields: customFieldsShown(account), owned: [] };
  const { set, clear } = profileDifference(preferences, desired, shown);
  const renamed = named.firstName !== held.firstName || named.lastName !== held.lastName;
  const fields = customFieldDifference(preferences, desired, shown);
  const wanted: ReadonlyArray<Command> = [
    ...(account.status === 'deactivated'
      ? [{ kind: 'ReactivateUser' as const, userId, learnAmpUserId, reason: 'adopted' as const }]
      : []),
    {
      kind: 'LinkUser',
      userId,
      learnAmpUserId,
      externalId: externalIdFor(preferences, account, userId),
      identity: held,
    },
    ...(renamed || Object.keys(set).length > 0 || clear.length > 0
      ? [{ kind: 'UpdateProfile' as const, userId, learnAmpUserId, identity: named, set, clear }]
      : []),
    ...(fields.length > 0
      ? [{ kind: 'SetCustomFields' as const, userId, learnAmpUserId, identity: named, fields }]
      : []),
  ];
  return { ...nothing, ...sendable(context, delivered, wanted, inStrictOrder), team };
};

const planExisting = (context: PlanContext, at: Unlinked, account: LearnAmpAccount): PersonPlan => {
  const { delivered, desired } = at;
  const { userId } = desired;
  const otherUserId = otherOwner(context, account, userId);
  if (otherUserId !== undefined) {
    const { learnAmpUserId } = account;
    const conflict = 'address-of-another-person' as const;
    return { ...nothing, ...conflicted(delivered, { userId, conflict, otherUserId, learnAmpUserId }) };
  }
  if (!isOurs(account, userId) && !context.preferences.adoptByEmail)
    return { ...nothing, ...parked(delivered, 'CreateUser', 'adoption-refused') };
  return adopt(context, at, account);
};

/** A person in scope without an account of their own yet: create, adopt, or say why not. */
export const planUnlinked = (context: PlanContext, at: Unlinked): PersonPlan => {
  const { desired, delivered } = at;
  const { userId, email, noEmail } = desired;
  if (email === undefined) return { ...nothing, notes: [{ userId, kind: 'no-email', reason: noEmail }] };
  const standing = addressStanding(context, userId, email);
  if (standing._tag === 'Waiting') {
    const waiting = { on: 'address-taken' as const, waitingFor: standing.holder };
    return { ...nothing, ...deferred(delivered, 'CreateUser', waiting) };
  }
  const { candidate } = delivered;
  if (candidate !== null && candidate !== undefined && stillMatches(context, candidate, desired))
    return planExisting(context, at, candidate);
  if (standing._tag === 'Free') return create(context, at, email);
  const { holder } = standing;
  const conflict = 'address-of-another-person' as const;
  const learnAmpUserId = context.delivered(holder).link ?? null;
  return { ...nothing, ...conflicted(delivered, { userId, conflict, otherUserId: holder, learnAmpUserId }) };
};
