import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import { isLater } from '../evolve/revision-text.js';
import type { LearnAmpUserId, ObjectId } from '../ids.js';
import { inScopeNow } from './in-scope-now.js';
import type { PlanContext } from './plan-context.js';

export type Waiting = {
  readonly on: 'manager-absent' | 'manager-inactive' | 'manager-self';
  readonly waitingFor: ObjectId;
};

/** What should become of a person's override manager, and whether something is waited for. */
export type ManagerWish =
  | { readonly _tag: 'Keep'; readonly note?: 'manager-deleted' | undefined }
  | { readonly _tag: 'Assign'; readonly manager: DirectoryPerson; readonly managerLearnAmpUserId: LearnAmpUserId }
  | { readonly _tag: 'Clear'; readonly waiting?: Waiting | undefined };

const keep: ManagerWish = { _tag: 'Keep' };
const keepUnknown: ManagerWish = { _tag: 'Keep', note: 'manager-deleted' };

/** A manager without an account: an override that this engine set is no longer true and goes, one set by hand stays. */
const waitFor = (on: Waiting['on'], waitingFor: ObjectId): ManagerWish => ({
  _tag: 'Clear',
  waiting: { on, waitingFor },
});

/**
 * Somebody with an active account whose leave no second read has agreed to yet: until then nothing is planned on it, neither
 * for them nor for those they manage.
 */
const leaveIsOpen = (context: PlanContext, { userId, inScope, leave }: DirectoryPerson): boolean => {
  if (inScope || leave === undefined || leave.confirmations > 0) return false;
  const { link, gone, status } = context.delivered(userId);
  return link !== undefined && !gone && status !== 'deactivated';
};

const withoutManager = (context: PlanContext, { previousManagerId }: DirectoryPerson): ManagerWish => {
  const previous = previousManagerId === null ? undefined : context.person(previousManagerId);
  // Entra drops the edge with the account: that says the manager is gone, not that there is to be none.
  if (previous?.deleted !== undefined) return keepUnknown;
  if (previous !== undefined && leaveIsOpen(context, previous)) return keep;
  return context.preferences.blanks === 'clear' ? { _tag: 'Clear' } : keep;
};

const withManager = (context: PlanContext, userId: ObjectId, managerId: ObjectId): ManagerWish => {
  if (managerId === userId) return waitFor('manager-self', managerId);
  const manager = context.person(managerId);
  if (manager?.deleted !== undefined) return keepUnknown;
  if (manager !== undefined && leaveIsOpen(context, manager)) return keep;
  if (manager === undefined || !inScopeNow(context, manager)) return waitFor('manager-absent', managerId);
  const { link, gone, status } = context.delivered(managerId);
  if (link === undefined || gone) return waitFor('manager-absent', managerId);
  if (status === 'deactivated') return waitFor('manager-inactive', managerId);
  return { _tag: 'Assign', manager, managerLearnAmpUserId: link };
};

/**
 * The rule for managers: managers outside the scope are never created; a deleted manager account means "unknown" and keeps
 * what stands; switching the preference off touches nothing.
 */
export const managerWish = (context: PlanContext, person: DirectoryPerson): ManagerWish => {
  const { userId, managerId } = person;
  if (!context.preferences.assignOverrideManagers || managerId === undefined) return keep;
  return managerId === null ? withoutManager(context, person) : withManager(context, userId, managerId);
};

/**
 * Whether the override that is wanted stands. It does not, although it was set, once the manager's account was deactivated
 * since: Learn Amp hands whoever that account managed to the owner and says nothing (FC-97).
 */
export const overrideStands = (
  context: PlanContext,
  delivered: DeliveredPerson,
  wish: Extract<ManagerWish, { readonly _tag: 'Assign' }>,
): boolean =>
  delivered.managerLearnAmpUserId === wish.managerLearnAmpUserId &&
  !isLater(context.delivered(wish.manager.userId).deactivatedAt, delivered.managerRevision);

/**
 * Learn Amp said that it does not take this manager now: asked again when something about the manager or the person has
 * changed, not in every cycle (FC-62).
 */
export const isPutOff = (
  context: PlanContext,
  person: DirectoryPerson,
  { deferred }: DeliveredPerson,
  manager: DirectoryPerson,
): boolean => {
  const before = deferred.SetOverrideManager;
  if (before === undefined || !before.answered || before.waitingFor !== manager.userId) return false;
  const news = [person.factRevision, manager.factRevision, context.delivered(manager.userId).activeSince];
  return !news.some((revision) => isLater(revision, before.revision));
};

/**
 * Only an override that this engine set is ever cleared. It still is the engine's own where Learn Amp handed it to the owner
 * when the account it pointed to was deactivated (FC-97); one that points elsewhere for another reason was set by hand.
 */
export const holdsOurOverride = (context: PlanContext, delivered: DeliveredPerson): boolean => {
  const { managerSetAccount, managerSetRevision, managerLearnAmpUserId } = delivered;
  if (managerSetAccount === undefined || managerLearnAmpUserId === null) return false;
  if (managerLearnAmpUserId === undefined || managerLearnAmpUserId === managerSetAccount) return true;
  const manager = context.holderOfAccount(managerSetAccount);
  return manager !== undefined && isLater(context.delivered(manager).deactivatedAt, managerSetRevision);
};
