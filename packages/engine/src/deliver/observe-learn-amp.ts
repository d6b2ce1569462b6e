import { isDeepStrictEqual } from 'node:util';
import type { DeliveredPerson, DirectoryEvent, LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import { stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import { lookUpAccount, type Looked } from './look-up-account.js';
import { isOwnCreation } from './own-creation.js';
import type { Planner } from './plan-now.js';

/** What is seen of an account; where a creation may have made it, that it is ours, whatever became of the answer. */
export const seenEvents = (
  cycle: Pick<CycleContext, 'state' | 'preferences'>,
  planner: Planner,
  userId: ObjectId,
  account: LearnAmpAccount | null,
): ReadonlyArray<DirectoryEvent> => {
  const observed: DirectoryEvent = { type: 'LearnAmpUserObserved', data: { userId, account } };
  const { link, createUncertain } = cycle.state.delivered(userId);
  const person = cycle.state.person(userId);
  if (account === null || person === undefined || link !== undefined || !createUncertain) return [observed];
  return isOwnCreation(cycle.preferences, planner.context.desired(person), account)
    ? [observed, { type: 'UserLinked', data: { userId, learnAmpUserId: account.learnAmpUserId, how: 'found' } }]
    : [observed];
};

/**
 * Whether nothing was learned of the account, and nothing sent to it, since the look began. Otherwise another engine did so
 * meanwhile, and what the look showed may be from before that.
 */
const isAsBefore = (before: DeliveredPerson, now: DeliveredPerson): boolean =>
  before.link === now.link &&
  before.lookAgain === now.lookAgain &&
  before.observedRevision === now.observedRevision &&
  isDeepStrictEqual(before.unknown, now.unknown);

/**
 * Commands that were sent and got no answer (a lost reply, a killed process): Learn Amp is looked at before anything is
 * planned on them. By the linked id, else by external id, else by address in every status.
 *
 * @param isResolved who was on a list that was read to its end, or cannot be on it
 */
export const resolveUnknown = async (
  cycle: CycleContext,
  planner: Planner,
  isResolved: (userId: ObjectId) => boolean = () => false,
): Promise<void> => {
  for (const userId of cycle.state.deliveredIn('unknown')) {
    stopIfAborted(cycle);
    const before = cycle.state.delivered(userId);
    const { link, lookAgain } = before;
    const person = cycle.state.person(userId);
    // Whoever asked for a look at this one gets it: a list says less, and may have left nothing in the log.
    const isSettled = isResolved(userId) && !lookAgain;
    // The receipt went with the key, and what the account shows would be recorded anew.
    if (person?.erased === true || isSettled || cycle.answers.isMissing(userId)) continue;
    const email = person === undefined ? undefined : planner.context.desired(person).email;
    const looked = await lookUpPerson(cycle, userId, link, email);
    if (looked._tag === 'NoAnswer') continue;
    await cycle.recorder.record(() =>
      isAsBefore(before, cycle.state.delivered(userId))
        ? seenEvents(cycle, planner, userId, looked.account ?? null)
        : [],
    );
  }
};

/** One person's account: by the link; else by the own id, else by address. */
export const lookUpPerson = async (
  cycle: CycleContext,
  userId: ObjectId,
  link: DeliveredPerson['link'],
  email: string | undefined,
): Promise<Looked> => {
  if (link !== undefined) return lookUpAccount(cycle, userId, { by: 'id', learnAmpUserId: link });
  const ours = await lookUpAccount(cycle, userId, { by: 'externalId', externalId: userId });
  const isFound = ours._tag === 'NoAnswer' || ours.account !== undefined;
  return isFound || email === undefined ? ours : lookUpAccount(cycle, userId, { by: 'email', email });
};

/** What a look at one linked account leaves in the log. */
export type LookEvents = (userId: ObjectId, account: LearnAmpAccount | null) => ReadonlyArray<DirectoryEvent>;

/** Looks at linked accounts by their ids and records what is there; who gets no answer stays as they were known. */
export const observeByLink = async (
  cycle: CycleContext,
  userIds: Iterable<ObjectId>,
  eventsOf: LookEvents,
): Promise<void> => {
  for (const userId of userIds) {
    stopIfAborted(cycle);
    const { link } = cycle.state.delivered(userId);
    if (link === undefined) continue;
    const looked = await lookUpAccount(cycle, userId, { by: 'id', learnAmpUserId: link });
    if (looked._tag === 'Shown') await cycle.recorder.record(() => eventsOf(userId, looked.account ?? null));
  }
};
