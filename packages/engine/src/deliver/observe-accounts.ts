import type { DirectoryEvent, LearnAmpAccount, LearnAmpUserId, ObjectId } from '@learnamp/directory-sync-domain';
import * as E from 'fp-ts/lib/Either.js';
import { chunksOf } from '../chunks-of.js';
import { learnAmpError } from '../failure.js';
import { stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import { accountsInTheWay, driftEvents, type Differences } from './observe-drift.js';
import { observeByLink, seenEvents } from './observe-learn-amp.js';
import type { Planner } from './plan-now.js';

/** What the look at everything Learn Amp lists came to. */
export type AccountsLook = {
  readonly accounts: number;
  /** Linked people among them, whose accounts were compared. */
  readonly compared: number;
  readonly differences: Differences;
  /** On the list, or looked for there: their last command needs no look of its own any more. */
  readonly isResolved: (userId: ObjectId) => boolean;
};

/** So many people's findings go into one append. */
const CHUNK = 500;

/** More owners than this are not worth naming: the last one is far away. */
const OWNERS = 20;

/** The same account in the same hands as the last look showed; a list that leaves the external id out says nothing of it. */
const isSeen = (before: LearnAmpAccount | null | undefined, account: LearnAmpAccount): boolean =>
  before?.learnAmpUserId === account.learnAmpUserId &&
  before.status === account.status &&
  (account.externalId === undefined || account.externalId === before.externalId);

/** Everybody without an account who may find theirs on the list: by the own id, else by address. */
const makeSearch = ({ state }: CycleContext, planner: Planner) => {
  /** One person as a rule: a list for each of them is not worth its memory. */
  const byEmail = new Map<string, ObjectId | ReadonlyArray<ObjectId>>();
  const wanted = new Set<ObjectId>();
  const found = new Map<ObjectId, LearnAmpAccount>();
  const want = (userId: ObjectId): void => {
    const person = state.person(userId);
    if (person === undefined || person.erased || state.delivered(userId).link !== undefined) return;
    wanted.add(userId);
    const { email } = planner.context.desired(person);
    if (email === undefined) return;
    const others = byEmail.get(email);
    if (others === undefined) byEmail.set(email, userId);
    else byEmail.set(email, typeof others === 'string' ? [others, userId] : [...others, userId]);
  };
  for (const userId of state.everybody()) if (state.person(userId)?.inScope === true) want(userId);
  for (const userId of state.deliveredIn('unknown')) if (!wanted.has(userId)) want(userId);
  const carriesOwnId = (account: LearnAmpAccount): ObjectId | undefined => {
    const userId = account.externalId?.toLowerCase() as ObjectId | undefined;
    return userId !== undefined && wanted.has(userId) ? userId : undefined;
  };
  return {
    wanted,
    found,
    /** `false`: nobody looks for this one. */
    meet: (account: LearnAmpAccount): boolean => {
      const own = carriesOwnId(account);
      if (own !== undefined) found.set(own, account);
      const sharing = byEmail.get(account.email.toLowerCase()) ?? [];
      const others = typeof sharing === 'string' ? [sharing] : sharing;
      for (const userId of others) {
        const before = found.get(userId);
        if (before === undefined || carriesOwnId(before) !== userId) found.set(userId, account);
      }
      return own !== undefined || others.length > 0;
    },
  };
};

/** What a look for the account of somebody who has none leaves in the log. */
export const unlinkedEvents = (
  cycle: CycleContext,
  planner: Planner,
  userId: ObjectId,
  account: LearnAmpAccount | undefined,
): ReadonlyArray<DirectoryEvent> => {
  const { candidate, link, unknown } = cycle.state.delivered(userId);
  if (link !== undefined) return [];
  // A creation without an answer: what is there now settles it, and a next one looks for itself before it tries again.
  if (Object.keys(unknown).length > 0) return seenEvents(cycle, planner, userId, account ?? null);
  // Nobody on the list: the creation asks for itself, there is nothing to record.
  if (account === undefined) return candidate ? seenEvents(cycle, planner, userId, null) : [];
  // Somebody else's by their link: the plan knows that, and what the account shows is not this person's to keep.
  if (cycle.state.holderOfAccount(account.learnAmpUserId) !== undefined) return [];
  return isSeen(candidate, account) ? [] : seenEvents(cycle, planner, userId, account);
};

/** Active owners whose accounts are nobody's here: with one of them, no leaver is the last owner. */
const recordOtherOwners = async (
  { recorder, state }: CycleContext,
  owners: ReadonlySet<LearnAmpUserId>,
): Promise<void> => {
  const otherOwners = [...owners].sort().slice(0, OWNERS);
  await recorder.record(() => {
    const { otherOwners: known, unsupported } = state.connection();
    if (known.join() === otherOwners.join()) return [];
    return [{ type: 'LearnAmpCapabilitiesObserved', data: { unsupported, otherOwners } }];
  });
};

/** Linked people whose account should be on a list of everybody who is active. */
const shouldBeListed = ({ state }: CycleContext): ReadonlyArray<ObjectId> => {
  const linked: ObjectId[] = [];
  for (const userId of state.everybody()) {
    if (state.person(userId)?.inScope !== true) continue;
    const { link, gone } = state.delivered(userId);
    if (link !== undefined && !gone) linked.push(userId);
  }
  return [...linked, ...state.deliveredIn('leaving')];
};

/** What was found, and not found, for everybody who has no account yet. */
const recordUnlinked = async (
  cycle: CycleContext,
  planner: Planner,
  { wanted, found }: Pick<ReturnType<typeof makeSearch>, 'wanted' | 'found'>,
): Promise<void> => {
  for (const userIds of chunksOf([...wanted], CHUNK))
    await cycle.recorder.record(() =>
      userIds.flatMap((userId) => unlinkedEvents(cycle, planner, userId, found.get(userId))),
    );
};

/** Made apart from the look: whoever keeps the answer keeps nothing else of it in memory. */
const eitherOf =
  (one: ReadonlySet<ObjectId>, other: ReadonlySet<ObjectId>) =>
  (userId: ObjectId): boolean =>
    one.has(userId) || other.has(userId);

/**
 * The bulk look of the initial sync, of each full cycle and of `reconcile`: every account Learn Amp lists, page by page, none
 * of them kept. Accounts that exist already are met before anything is created, and what was changed by hand is noticed:
 * for people in scope all that this connection owns, for people who left whether their account is active again.
 */
export const observeAccounts = async (cycle: CycleContext, planner: Planner): Promise<AccountsLook> => {
  const { state, recorder } = cycle;
  const search = makeSearch(cycle, planner);
  const inTheWay = accountsInTheWay(cycle);
  const differences: Differences = new Map();
  const seen = new Set<ObjectId>();
  const owners = new Set<LearnAmpUserId>();
  let accounts = 0;
  const met = { ownerHere: false };

  const linkedEvents = (userId: ObjectId, account: LearnAmpAccount | null): ReadonlyArray<DirectoryEvent> =>
    driftEvents(cycle, planner, { userId, account, isInTheWay: inTheWay.has(userId) }, differences);

  const eventsOf = (account: LearnAmpAccount): ReadonlyArray<DirectoryEvent> => {
    const { learnAmpUserId, role, status } = account;
    const isOwner = role === 'owner' && status !== 'deactivated';
    const isWanted = search.meet(account);
    const holder = state.holderOfAccount(learnAmpUserId);
    if (holder !== undefined && state.delivered(holder).link === learnAmpUserId) {
      seen.add(holder);
      met.ownerHere ||= isOwner;
      return linkedEvents(holder, account);
    }
    met.ownerHere ||= isWanted && isOwner;
    if (isOwner) owners.add(learnAmpUserId);
    return [];
  };

  for await (const page of cycle.learnAmp.accounts({ signal: cycle.signal })) {
    if (E.isLeft(page)) throw learnAmpError(page.left);
    cycle.answers.heard();
    await recorder.record(() => page.right.flatMap(eventsOf));
    accounts += page.right.length;
    cycle.progress({ step: 'accounts', done: accounts, total: undefined });
    stopIfAborted(cycle);
  }
  for await (const page of cycle.learnAmp.teams({ signal: cycle.signal }))
    if (E.isLeft(page)) throw learnAmpError(page.left);

  await recordUnlinked(cycle, planner, search);
  // Not on the list is not yet deleted, and a list may leave the deactivated out: asked for by id before it is believed.
  const missing = new Set([...shouldBeListed(cycle), ...inTheWay].filter((userId) => !seen.has(userId)));
  await observeByLink(cycle, missing, linkedEvents);
  // As long as no owner can leave, it does not matter how many there are.
  if (met.ownerHere || state.connection().otherOwners.length > 0) await recordOtherOwners(cycle, owners);
  return { accounts, compared: seen.size, differences, isResolved: eitherOf(seen, search.wanted) };
};
