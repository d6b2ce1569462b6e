import { profileFields } from '../commands.js';
import { customFieldsShown, profileShown } from '../delivery/account-shown.js';
import type { DeliveredPerson } from '../delivery/delivered-person.js';
import { isKeptAfterAll } from '../delivery/not-kept.js';
import type { DesiredPerson } from '../desired-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import { isProtectedRole, type LearnAmpAccount } from '../learn-amp-account.js';
import { inScopeNow } from './in-scope-now.js';
import { managerWish } from './manager-wish.js';
import type { PlanContext } from './plan-context.js';
import { customFieldDifference, profileDifference } from './profile-difference.js';

/** What a look at a linked account tells. */
export type AccountLook = {
  /** Something this connection looks at is not as it was believed to be: the look is worth recording. */
  readonly isNews: boolean;
  /** What somebody changed at Learn Amp and the directory has otherwise, by name: never its value. */
  readonly drift: ReadonlyArray<string>;
};

type Compared = {
  readonly context: PlanContext;
  readonly person: DirectoryPerson;
  readonly delivered: DeliveredPerson;
  readonly account: LearnAmpAccount;
  readonly desired: DesiredPerson;
};

type Slot = { readonly name: string; readonly isNews: boolean; readonly isDrift: boolean };

const nothingNew: AccountLook = { isNews: false, drift: [] };

/** A slot whose content was known, and is another now. */
const slot = <T>(name: string, believed: T | undefined, shown: T | undefined, isWanted: boolean): Slot => {
  const isNews = believed !== undefined && shown !== undefined && shown !== believed;
  return { name, isNews, isDrift: isNews && !isWanted };
};

const lower = (text: string | undefined): string | undefined => text?.toLowerCase();

const identitySlots = ({ delivered, account, desired }: Compared): ReadonlyArray<Slot> => {
  const name = (field: 'firstName' | 'lastName'): Slot => {
    const shown = account[field] ?? undefined;
    const isOwned = desired[field] !== undefined;
    return slot(field, isOwned ? delivered[field] : undefined, shown, shown === desired[field]);
  };
  const shown = lower(account.email);
  const isOwned = desired.email !== undefined;
  return [
    slot('email', isOwned ? lower(delivered.email) : undefined, shown, shown === desired.email),
    name('firstName'),
    name('lastName'),
  ];
};

/** A field is looked at exactly where the plan would write it, were it as it is shown now. */
const profileSlots = ({ context, delivered, account, desired }: Compared): ReadonlyArray<Slot> => {
  const shown = profileShown(account);
  const held = { ...delivered, profile: { ...delivered.profile, ...shown } };
  const { set, clear } = profileDifference(context.preferences, desired, held);
  return profileFields.map((field) => {
    const want = desired.profile[field];
    const writes = field in set || clear.includes(field);
    const isOwned = typeof want === 'string' || writes;
    return slot(field, isOwned ? delivered.profile[field] : undefined, shown[field], !writes);
  });
};

const customFieldSlots = ({ context, delivered, account, desired }: Compared): ReadonlyArray<Slot> => {
  const shown = customFieldsShown(account);
  const held = { ...delivered, customFields: { ...delivered.customFields, ...shown } };
  const written = new Set(customFieldDifference(context.preferences, desired, held).map(({ name }) => name));
  return Object.entries(shown)
    .filter(([name]) => written.has(name) || typeof desired.customFields[name] === 'string')
    .map(([name, value]) => slot(`custom:${name}`, delivered.customFields[name], value, !written.has(name)));
};

const teamSlots = ({ context, delivered, account, desired }: Compared): ReadonlyArray<Slot> => {
  if (desired.team === undefined || account.primaryTeam === undefined) return [];
  const shown = account.primaryTeam?.teamId ?? null;
  return [slot('primaryTeam', delivered.teamId, shown, shown === context.team(desired.team.key)?.teamId)];
};

/** The override that the directory asks for, or that this engine set: one set by hand where neither is so is not looked at. */
const managerSlots = ({ context, person, delivered, account }: Compared): ReadonlyArray<Slot> => {
  const shown = account.managerLearnAmpUserId;
  if (shown === undefined || !context.preferences.assignOverrideManagers) return [];
  const wish = managerWish(context, person);
  if (wish._tag === 'Assign')
    return [slot('manager', delivered.managerLearnAmpUserId, shown, shown === wish.managerLearnAmpUserId)];
  return delivered.managerSetAccount === undefined
    ? []
    : [slot('manager', delivered.managerLearnAmpUserId, shown, true)];
};

/** Who is an owner or admin is never written, and decides how somebody may be deactivated. */
const roleSlot = ({ delivered, account }: Pick<Compared, 'delivered' | 'account'>): Slot => {
  const [before, now] = [delivered.role, account.role];
  const isOther = isProtectedRole(before) !== isProtectedRole(now) || (before === 'owner') !== (now === 'owner');
  return { name: 'role', isNews: now !== undefined && isOther, isDrift: false };
};

/** Active or not: the directory wins on both sides of the scope. */
const statusSlot = ({ context, person, delivered, account }: Omit<Compared, 'desired'>): Slot => {
  const [before, now] = [delivered.status === 'deactivated', account.status === 'deactivated'];
  const isNews = before !== now;
  return { name: 'status', isNews, isDrift: isNews && now === inScopeNow(context, person) };
};

const activeSlots = [identitySlots, profileSlots, customFieldSlots, teamSlots, managerSlots];

/**
 * Compares a linked account as it is shown with what it was believed to hold, in what this connection owns and in nothing
 * else: fields that the preferences do not map, or that the directory never had a value for, are not even looked at.
 */
export const compareAccount = (
  context: PlanContext,
  person: DirectoryPerson,
  delivered: DeliveredPerson,
  account: LearnAmpAccount,
): AccountLook => {
  if (person.erased || delivered.link !== account.learnAmpUserId) return nothingNew;
  const status = statusSlot({ context, person, delivered, account });
  const compared = { context, person, delivered, account, desired: context.desired(person) };
  // One that sleeps is to wake as it is: whose address it has by then is known before that.
  const compares = account.status === 'deactivated' ? [identitySlots] : activeSlots;
  const slots = inScopeNow(context, person) ? compares.flatMap((slotsOf) => slotsOf(compared)) : [];
  const all = [status, roleSlot({ delivered, account }), ...slots];
  return {
    isNews: delivered.gone || isKeptAfterAll(delivered, account) || all.some(({ isNews }) => isNews),
    drift: all.filter(({ isDrift }) => isDrift).map(({ name }) => name),
  };
};
