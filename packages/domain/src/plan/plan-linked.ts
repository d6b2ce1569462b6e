import type { Command, Identity } from '../commands.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DesiredPerson } from '../desired-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { LearnAmpUserId } from '../ids.js';
import { isNotKept, notKept, slotsNotKept } from '../delivery/not-kept.js';
import { addressChangedByHand } from '../delivery/note-drift.js';
import { holdsOurOverride, isPutOff, managerWish, overrideStands } from './manager-wish.js';
import { conflicted, deferred, nothing, parked, type PersonPlan, type PlanNote, type Standing } from './person-plan.js';
import type { PlanContext } from './plan-context.js';
import { planPhoto } from './plan-photo.js';
import { customFieldDifference, isRefusedLanguage, profileDifference } from './profile-difference.js';
import { isLeftOut } from './refused.js';
import { sendable } from './sendable.js';
import { addressStanding } from './wanted-address.js';

type Linked = {
  readonly person: DirectoryPerson;
  readonly desired: DesiredPerson;
  readonly delivered: DeliveredPerson;
  readonly learnAmpUserId: LearnAmpUserId;
};

type Part = Partial<Standing> & { readonly commands: ReadonlyArray<Command> };

const nothingToDo: Part = { commands: [] };

/** The three fields every write carries, as Learn Amp holds them; what it was never seen to hold comes from the directory. */
const identityHeld = (delivered: DeliveredPerson, desired: DesiredPerson): Identity => ({
  email: delivered.email ?? desired.email ?? '',
  firstName: delivered.firstName ?? desired.firstName ?? '',
  lastName: delivered.lastName ?? desired.lastName ?? '',
});

/** As they stand after these commands: a later write never takes back what an earlier one of the same plan set. */
const identityAfter = (context: PlanContext, { delivered }: Linked, before: Identity, { commands }: Part): Identity =>
  commands.reduce((identity, command) => {
    const goesOut = !context.unsupported.has(command.kind) && !isLeftOut(context, delivered, command);
    return goesOut && 'identity' in command ? command.identity : identity;
  }, before);

const reactivatePart = ({ delivered, person, learnAmpUserId }: Linked): Part => {
  const { userId } = person;
  const reason = delivered.deactivatedHere ? 'returned' : 'drift';
  return delivered.status === 'deactivated'
    ? { commands: [{ kind: 'ReactivateUser', userId, learnAmpUserId, reason }] }
    : nothingToDo;
};

const emailPart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  const from = delivered.email ?? '';
  if (desired.email === undefined)
    return { commands: [], notes: [{ userId, kind: 'no-email', reason: desired.noEmail }] };
  if (from.toLowerCase() === desired.email) return nothingToDo;
  // Somebody gave the account another address at Learn Amp: whether it still is this person's, a person has to say.
  if (delivered.parked.ChangeEmail === addressChangedByHand)
    return { commands: [], ...parked(delivered, 'ChangeEmail', addressChangedByHand) };
  const standing = addressStanding(context, userId, desired.email);
  switch (standing._tag) {
    case 'Free': {
      const changed = { ...identity, email: desired.email };
      return { commands: [{ kind: 'ChangeEmail', userId, learnAmpUserId, from, identity: changed }] };
    }
    case 'Waiting': {
      const waiting = { on: 'address-taken' as const, waitingFor: standing.holder };
      return { commands: [], ...deferred(delivered, 'ChangeEmail', waiting) };
    }
    case 'Swap':
    case 'Taken': {
      const { holder } = standing;
      const conflict = standing._tag === 'Swap' ? 'address-swap' : 'address-of-another-person';
      const theirs = context.delivered(holder).link ?? null;
      const data = { userId, conflict, otherUserId: holder, learnAmpUserId: theirs } as const;
      return { commands: [], ...conflicted(delivered, data) };
    }
  }
};

const profilePart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  const nameOf = (field: 'firstName' | 'lastName'): string => {
    const [want, have] = [desired[field], delivered[field]];
    return isNotKept(delivered.notKept, field, { want, have }) ? identity[field] : (want ?? identity[field]);
  };
  const named: Identity = { email: identity.email, firstName: nameOf('firstName'), lastName: nameOf('lastName') };
  const { set, clear } = profileDifference(context.preferences, desired, delivered);
  const renamed = named.firstName !== delivered.firstName || named.lastName !== delivered.lastName;
  return renamed || Object.keys(set).length > 0 || clear.length > 0
    ? { commands: [{ kind: 'UpdateProfile', userId, learnAmpUserId, identity: named, set, clear }] }
    : nothingToDo;
};

const customFieldsPart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { desired, delivered, person, learnAmpUserId } = at;
  const fields = customFieldDifference(context.preferences, desired, delivered);
  return fields.length > 0
    ? { commands: [{ kind: 'SetCustomFields', userId: person.userId, learnAmpUserId, identity, fields }] }
    : nothingToDo;
};

const teamPart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { desired, delivered, person, learnAmpUserId } = at;
  if (desired.team === undefined) return nothingToDo;
  const { key } = desired.team;
  const team = context.team(key);
  if (team === undefined || team.teamId === delivered.teamId) return nothingToDo;
  const { userId } = person;
  return {
    commands: [{ kind: 'SetPrimaryTeam', userId, learnAmpUserId, identity, teamKey: key, teamId: team.teamId }],
  };
};

const managerPart = (context: PlanContext, at: Linked, identity: Identity): Part => {
  const { delivered, person, learnAmpUserId } = at;
  const { userId } = person;
  const wish = managerWish(context, person);
  switch (wish._tag) {
    case 'Keep':
      return wish.note === undefined
        ? nothingToDo
        : { commands: [], notes: [{ userId, kind: 'deferred', reason: wish.note }] };
    case 'Assign': {
      if (overrideStands(context, delivered, wish)) return nothingToDo;
      const { manager, managerLearnAmpUserId } = wish;
      if (isPutOff(context, person, delivered, manager))
        return { commands: [], notes: [{ userId, kind: 'deferred', reason: 'manager-inactive' }] };
      return {
        commands: [
          {
            kind: 'SetOverrideManager',
            userId,
            learnAmpUserId,
            identity,
            managerUserId: manager.userId,
            managerLearnAmpUserId,
          },
        ],
      };
    }
    case 'Clear': {
      const { waiting } = wish;
      // The override to a manager whose account sleeps went to the owner when it was deactivated, and comes back with it.
      const sleeps =
        waiting?.on === 'manager-inactive' &&
        delivered.managerSetAccount !== undefined &&
        context.holderOfAccount(delivered.managerSetAccount) === waiting.waitingFor;
      const commands: ReadonlyArray<Command> =
        holdsOurOverride(context, delivered) && !sleeps
          ? [{ kind: 'ClearOverrideManager', userId, learnAmpUserId, identity }]
          : [];
      return waiting === undefined ? { commands } : { commands, ...deferred(delivered, 'SetOverrideManager', waiting) };
    }
  }
};

const photoPart = (context: PlanContext, at: Linked): Part => ({ commands: planPhoto(context, at) });

/** What could not be carried over as the directory has it: the field is named, never its text. */
const carriedNotes = ({ userId, notes }: DesiredPerson): ReadonlyArray<PlanNote> =>
  notes.flatMap((note): ReadonlyArray<PlanNote> => {
    if (note._tag === 'Shortened') return [{ userId, kind: 'shortened', reason: note.field }];
    return note._tag === 'InvalidHireDate' ? [{ userId, kind: 'unusable-hire-date', reason: 'hireDate' }] : [];
  });

/** A language that Learn Amp lacks altogether, or that it refused for this company. */
const languageNotes = ({ desired, delivered }: Linked): ReadonlyArray<PlanNote> =>
  desired.notes.some(({ _tag }) => _tag === 'UnmappedLanguage') ||
  isRefusedLanguage(desired.profile.language, delivered)
    ? [{ userId: desired.userId, kind: 'unmapped-language', reason: 'language not offered by Learn Amp' }]
    : [];

const wantedIn = ({
  firstName,
  lastName,
  profile,
  customFields,
}: DesiredPerson): Readonly<Record<string, unknown>> => ({
  firstName,
  lastName,
  ...profile,
  ...Object.fromEntries(Object.entries(customFields).map(([name, value]) => [`custom:${name}`, value])),
});

/** Texts that Learn Amp makes others of each time: written no more while the directory has them as they are. */
const notKeptNotes = ({ desired, delivered }: Linked): ReadonlyArray<PlanNote> => {
  const slots = slotsNotKept(delivered);
  if (slots.length === 0) return [];
  const wanted = wantedIn(desired);
  const standing = slots.filter((slot) => (wanted[slot] ?? null) === delivered.notKept[slot]?.wanted);
  return standing.length === 0
    ? []
    : [{ userId: desired.userId, kind: 'parked', reason: `${notKept} (${standing.join(', ')})` }];
};

const inOrder = [emailPart, profilePart, customFieldsPart, teamPart, managerPart, photoPart] as const;

/** A person in scope with a linked account: the difference between what Learn Amp holds and what is desired. */
export const planLinked = (context: PlanContext, at: Linked): PersonPlan => {
  const { desired, delivered } = at;
  // Deleted by hand at Learn Amp: making it again would be an endless quarrel.
  if (delivered.gone) return { ...nothing, ...parked(delivered, 'UpdateProfile', 'account-deleted-at-learn-amp') };
  const wanted: Command[] = [...reactivatePart(at).commands];
  const standing: Standing[] = [];
  let identity = identityHeld(delivered, desired);
  for (const partOf of inOrder) {
    const part = partOf(context, at, identity);
    wanted.push(...part.commands);
    standing.push({ standing: part.standing ?? [], notes: part.notes ?? [] });
    identity = identityAfter(context, at, identity, part);
  }
  // Nothing is written to an account that stays deactivated.
  const { commands, notes } = sendable(context, delivered, wanted, ({ kind }) => kind === 'ReactivateUser');
  return {
    commands,
    leaver: undefined,
    team: desired.team,
    standing: standing.flatMap((each) => each.standing),
    notes: [
      ...standing.flatMap((each) => each.notes),
      ...notes,
      ...languageNotes(at),
      ...notKeptNotes(at),
      ...carriedNotes(desired),
    ],
  };
};
