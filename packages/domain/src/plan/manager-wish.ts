import type { DeliveredPerson } from '../delivery/delivered-person.js';
import type { DirectoryPerson } from '../directory/directory-person.js';
import type { LearnAmpUserId, ObjectId } from '../ids.js';
import type { PlanContext } from './plan-context.js';

type Waiting = 'manager-absent' | 'manager-inactive' | 'manager-self';

/** What should become of a person's override manager, and whether something is waited for. */
export type ManagerWish =
  | { readonly _tag: 'Keep'; readonly note?: 'manager-deleted' | undefined }
  | { readonly _tag: 'Assign'; readonly managerUserId: ObjectId; readonly managerLearnAmpUserId: LearnAmpUserId }
  | { readonly _tag: 'Clear'; readonly waiting?: { readonly on: Waiting; readonly waitingFor: ObjectId } | undefined };

/** A manager without an account: an override that we set is no longer true and goes, one set by hand stays. */
const waitFor = (on: Waiting, waitingFor: ObjectId): ManagerWish => ({ _tag: 'Clear', waiting: { on, waitingFor } });

/**
 * The rule for managers (defaults: managers outside the scope are never created; a deleted manager account means
 * "unknown" and keeps what stands; switching the preference off touches nothing).
 */
export const managerWish = (context: PlanContext, person: DirectoryPerson): ManagerWish => {
  const { managerId, userId } = person;
  if (!context.preferences.assignOverrideManagers || managerId === undefined) return { _tag: 'Keep' };
  if (managerId === null) {
    const previous = person.previousManagerId === null ? undefined : context.person(person.previousManagerId);
    if (previous?.deleted !== undefined) return { _tag: 'Keep', note: 'manager-deleted' };
    return context.preferences.blanks === 'clear' ? { _tag: 'Clear' } : { _tag: 'Keep' };
  }
  if (managerId === userId) return waitFor('manager-self', managerId);
  const manager = context.person(managerId);
  if (manager?.deleted !== undefined) return { _tag: 'Keep', note: 'manager-deleted' };
  if (manager?.inScope !== true) return waitFor('manager-absent', managerId);
  const account = context.delivered(managerId);
  if (account.link === undefined || account.gone) return waitFor('manager-absent', managerId);
  if (account.status === 'deactivated') return waitFor('manager-inactive', managerId);
  return { _tag: 'Assign', managerUserId: managerId, managerLearnAmpUserId: account.link };
};

/** Only an override that this engine set is ever cleared. */
export const holdsOurOverride = (delivered: DeliveredPerson): boolean =>
  delivered.managerSet !== undefined && delivered.managerLearnAmpUserId !== null;
