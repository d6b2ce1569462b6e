import type { DeliveredPerson, DirectoryEvent, LearnAmpAccount, ObjectId } from '@learnamp/directory-sync-domain';
import type { AccountLookup } from '@learnamp/directory-sync-learn-amp';
import * as E from 'fp-ts/lib/Either.js';
import { learnAmpError } from '../failure.js';
import { stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import { isOwnCreation } from './own-creation.js';
import type { Planner } from './plan-now.js';

/** One account as Learn Amp shows it now; `undefined`: it is not there. Whatever else it answers ends the cycle. */
export const findAccount = async (cycle: CycleContext, lookup: AccountLookup): Promise<LearnAmpAccount | undefined> => {
  const found = await cycle.learnAmp.findAccount(lookup, { signal: cycle.signal })();
  if (E.isLeft(found)) throw learnAmpError(found.left);
  return found.right;
};

/** What is seen of an account; where a creation may have made it, that it is ours, whatever became of the answer. */
const seen = (
  cycle: CycleContext,
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
 * Commands that were sent and got no answer (a lost reply, a killed process): Learn Amp is looked at before anything is
 * planned on them. By the linked id, else by external id, else by address in every status.
 */
export const resolveUnknown = async (
  cycle: CycleContext,
  planner: Planner,
  listed: AccountList | undefined,
): Promise<void> => {
  for (const userId of cycle.state.deliveredIn('unknown')) {
    stopIfAborted(cycle);
    const { link } = cycle.state.delivered(userId);
    const person = cycle.state.person(userId);
    // The receipt went with the key, and what the account shows would be recorded anew.
    if (person?.erased === true) continue;
    const email = person === undefined ? undefined : planner.context.desired(person).email;
    const onList = listed?.find({ userId, link, email });
    // An account that is not on the list may be there all the same; a creation looks for itself before it tries again.
    const asks = onList === undefined && (listed === undefined || link !== undefined);
    const account = asks ? await lookUp(cycle, userId, link, email) : onList;
    await cycle.recorder.record(() => seen(cycle, planner, userId, account ?? null));
  }
};

const lookUp = async (
  cycle: CycleContext,
  userId: ObjectId,
  link: DeliveredPerson['link'],
  email: string | undefined,
): Promise<LearnAmpAccount | undefined> => {
  if (link !== undefined) return findAccount(cycle, { by: 'id', learnAmpUserId: link });
  const ours = await findAccount(cycle, { by: 'externalId', externalId: userId });
  return ours === undefined && email !== undefined ? findAccount(cycle, { by: 'email', email }) : ours;
};

/** Whom to look for: by the linked id, else by the person's own id, else by address. */
type Wanted = {
  readonly userId: ObjectId;
  readonly link: DeliveredPerson['link'];
  readonly email: string | undefined;
};

/** Everything Learn Amp lists, read to its end: only then does it say that somebody is not on it. */
export type AccountList = { readonly find: (wanted: Wanted) => LearnAmpAccount | undefined };

/** The bulk look of the initial sync and of each full cycle: accounts in pages, and the teams. */
export const listAccounts = async (cycle: CycleContext): Promise<AccountList> => {
  const accounts: LearnAmpAccount[] = [];
  for await (const page of cycle.learnAmp.accounts({ signal: cycle.signal })) {
    if (E.isLeft(page)) throw learnAmpError(page.left);
    accounts.push(...page.right);
    cycle.progress({ step: 'accounts', done: accounts.length, total: undefined });
  }
  for await (const page of cycle.learnAmp.teams({ signal: cycle.signal }))
    if (E.isLeft(page)) throw learnAmpError(page.left);
  const byId = new Map(accounts.map((account) => [account.learnAmpUserId, account]));
  const byExternalId = new Map(
    accounts.flatMap((account) => (account.externalId ? [[account.externalId.toLowerCase(), account] as const] : [])),
  );
  const byEmail = new Map(accounts.map((account) => [account.email.toLowerCase(), account]));
  return {
    find: ({ userId, link, email }) =>
      link === undefined
        ? (byExternalId.get(userId) ?? (email === undefined ? undefined : byEmail.get(email)))
        : byId.get(link),
  };
};

/** Deactivated, reactivated or restored by hand, or moved to another primary team: the directory wins in all of these. */
const wasChangedByHand = (delivered: DeliveredPerson, account: LearnAmpAccount): boolean => {
  if (delivered.gone || (account.status === 'deactivated') !== (delivered.status === 'deactivated')) return true;
  // A list may leave teams out, and a slot that nobody wrote or read yet says nothing.
  if (account.primaryTeam === undefined || delivered.teamId === undefined) return false;
  return (account.primaryTeam?.teamId ?? null) !== delivered.teamId;
};

/** The same account in the same hands as the last look showed; a list that leaves the external id out says nothing of it. */
const isSeen = (before: LearnAmpAccount | null | undefined, account: LearnAmpAccount): boolean =>
  before?.learnAmpUserId === account.learnAmpUserId &&
  before.status === account.status &&
  (account.externalId === undefined || account.externalId === before.externalId);

/**
 * Matches the list with the people in scope: accounts that exist already are met before anything is created, and linked accounts that were deactivated, deleted or moved to another team by hand are noticed.
 */
export const observeAccounts = async (cycle: CycleContext, planner: Planner, listed: AccountList): Promise<void> => {
  const unlinked = (userId: ObjectId): ReadonlyArray<DirectoryEvent> => {
    const person = cycle.state.person(userId);
    if (person === undefined) return [];
    const { candidate } = cycle.state.delivered(userId);
    const email = planner.context.desired(person).email;
    const account = listed.find({ userId, link: undefined, email });
    // Nobody on the list: the creation asks for itself, there is nothing to record.
    if (account === undefined) return candidate ? seen(cycle, planner, userId, null) : [];
    // Somebody else's by their link: the plan knows that, and what the account shows is not this person's to keep.
    if (cycle.state.holderOfAccount(account.learnAmpUserId) !== undefined) return [];
    return isSeen(candidate, account) ? [] : seen(cycle, planner, userId, account);
  };

  const missing: ObjectId[] = [];
  await cycle.recorder.record(() => {
    missing.length = 0;
    const events: DirectoryEvent[] = [];
    for (const { userId } of cycle.state.inScope()) {
      const delivered = cycle.state.delivered(userId);
      if (delivered.link === undefined) {
        events.push(...unlinked(userId));
        continue;
      }
      const account = listed.find({ userId, link: delivered.link, email: undefined });
      if (account === undefined) {
        if (!delivered.gone) missing.push(userId);
      } else if (wasChangedByHand(delivered, account))
        events.push({ type: 'LearnAmpUserObserved', data: { userId, account } });
    }
    return events;
  });

  // Not on the list is not yet deleted: asked for by id before it is believed.
  for (const userId of missing) {
    const { link } = cycle.state.delivered(userId);
    if (link === undefined) continue;
    const account = await findAccount(cycle, { by: 'id', learnAmpUserId: link });
    if (account === undefined)
      await cycle.recorder.record(() => [{ type: 'LearnAmpUserObserved', data: { userId, account: null } }]);
  }
};

/** Managers whom Learn Amp called inactive: looked at by id, so that the next plan knows what stands. */
export const observeManagers = async (cycle: CycleContext, userIds: ReadonlyArray<ObjectId>): Promise<void> => {
  for (const userId of userIds) {
    const { link } = cycle.state.delivered(userId);
    if (link === undefined) continue;
    const account = (await findAccount(cycle, { by: 'id', learnAmpUserId: link })) ?? null;
    await cycle.recorder.record(() => [{ type: 'LearnAmpUserObserved', data: { userId, account } }]);
  }
};
