import type {
  Cursor,
  CursorLink,
  DirectoryEvent,
  DirectoryPerson,
  ObjectId,
  Reach,
  UserObservation,
  UserObserved,
} from '@learnamp/directory-sync-domain';
import { detectUser, initialPerson, isOfDirectory, joinScope, pathTo } from '@learnamp/directory-sync-domain';
import type { ProfileRead } from '@learnamp/directory-sync-graph';
import { DirectorySyncError } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import { edgesAreFresh } from './confirm-joiners.js';
import { ask, graphTimeOf, noteGraphTime, type CycleContext } from './cycle-context.js';
import { noteRestart } from './round-bounds.js';
import { runRound, type RoundEnd } from './run-round.js';
import { makePeopleSettler } from './settle-people.js';

const CURSOR = 'users';
const RESTARTS = 2;

const known = (context: CycleContext): Cursor | undefined => context.state.connection().cursors[CURSOR];

/** Who has an event of the directory that cannot be read, and is read to the end anew, is recorded as a whole: that makes it good. */
const recordedAnew = (
  { state, tracked }: CycleContext,
  person: DirectoryPerson,
  seen: UserObservation,
): DirectoryEvent | undefined => {
  const unreadable = state.unreadable(seen.userId);
  if (unreadable === undefined || !isOfDirectory(unreadable.type)) return undefined;
  return person.inScope && seen._tag === 'UserObserved' && seen.complete
    ? joinScope(seen, tracked(), person.path)
    : undefined;
};

const detectKnown = (context: CycleContext, person: DirectoryPerson, seen: UserObservation) => {
  const anew = recordedAnew(context, person, seen);
  return anew === undefined ? detectUser(person, seen, context.tracked()) : [anew];
};

/** Not in the scope, or by a joining that nobody can read any more (domain, `scopeDifference`). */
const isToJoin = ({ inScope, erased }: DirectoryPerson): boolean => !inScope || erased;

const detectAll = (
  context: CycleContext,
  items: ReadonlyArray<UserObservation>,
  requestId: string | undefined,
  reach: Reach | undefined,
): ReadonlyArray<Pending> =>
  items.flatMap((seen) => {
    const person = context.state.person(seen.userId) ?? initialPerson(seen.userId);
    let events: ReadonlyArray<DirectoryEvent> = detectKnown(context, person, seen);
    // The whole tenant is being read: members of the scope join from the page that carries their profile.
    if (reach !== undefined && isToJoin(person) && person.deleted === undefined && seen._tag === 'UserObserved') {
      const joined =
        reach.holderOf(seen.userId) !== undefined
          ? joinScope(seen, context.tracked(), pathTo(seen.userId, reach))
          : undefined;
      if (joined !== undefined) events = [joined];
    }
    for (const { type } of events) if (type === 'UserRestored') context.restored.add(seen.userId);
    return events.map((event) => ({ ...event, graphRequestId: requestId }));
  });

const sameQuery = ({ page, delta }: Cursor, fingerprint: string): boolean =>
  (page ?? delta)?.fingerprint === fingerprint;

const isInterruptedFull = ({ page }: Cursor): boolean => page?.round.kind === 'full';

/**
 * A full round that was interrupted decided nothing, and starts again with the next full cycle; meanwhile the link before it
 * is followed, which tells what a fresh read does not: who was deleted. A first read has nothing of the kind to go back to.
 */
const isUsable = (context: CycleContext, cursor: Cursor): boolean => {
  const fingerprint = context.directory.fingerprint('users', []);
  if (cursor.resync !== undefined) return false;
  if (!isInterruptedFull(cursor)) return sameQuery(cursor, fingerprint);
  return context.state.connection().initialSyncDone && cursor.delta?.fingerprint === fingerprint;
};

type Start = Parameters<CycleContext['directory']['usersPage']>[0];

const at = (link: string | undefined): Start => {
  const stored = { link };
  return stored.link === undefined ? 'beginning' : (stored as Start);
};

/**
 * The cursor before anything else is read: what changes while profiles are read is told again by the first incremental round.
 * Returns the link to record with the first events, or `undefined` where a usable cursor stands.
 */
export const openUsersCursor = async (context: CycleContext): Promise<Pending | undefined> => {
  const cursor = known(context);
  const isCurrent = (): boolean => cursor !== undefined && isUsable(context, cursor);
  if (isCurrent() && !context.full) return undefined;
  const page = await ask(context.directory.latestUsers({ signal: context.signal }));
  noteGraphTime(context, page.graphTime);
  // What Graph refused is not part of the query any more: it may be the recorded one all the same.
  const fingerprint = context.directory.fingerprint('users', []);
  if (isCurrent()) {
    if (!context.full) return undefined;
    // What the old link still tells is evidence that a fresh read does not give: who was deleted, by an explicit word.
    await readUserChanges(context);
  }
  if (cursor !== undefined && !sameQuery(cursor, fingerprint))
    await context.recorder.record(() => [
      { type: 'ResyncRequired', data: { source: 'users', cursor: CURSOR, reason: 'query-changed' } },
    ]);
  return {
    type: 'DeltaCursorMoved',
    data: {
      source: 'users',
      cursor: CURSOR,
      groupIds: [],
      link: page.link.url,
      fingerprint,
      issuedAt: context.now().toISOString(),
      graphTime: graphTimeOf(context),
      round: { id: context.newId(), kind: cursor === undefined ? 'initial' : 'full' },
      reached: 'deltaLink',
    },
    graphRequestId: page.requestId,
  };
};

const newestLink = async (
  context: CycleContext,
  { delta }: Cursor,
  fingerprint: string,
): Promise<string | undefined> => {
  if (delta === undefined) return undefined;
  const recorded = await context.recordedLink(delta);
  return (await context.links.get(CURSOR, fingerprint, recorded)) ?? recorded;
};

/** A round that an earlier process began knows nothing of what happened since then. */
const isBehind = (context: CycleContext, pageLink: string | undefined, startLink: string | undefined): boolean =>
  pageLink !== undefined && startLink === pageLink && known(context)?.page === undefined;

/** The page aged, and not the recorded delta link: from there the round begins again. */
const isToGoBack = (end: RoundEnd, recorded: string | undefined, startLink: string | undefined): boolean =>
  end._tag === 'PageExpired' && recorded !== undefined && (startLink !== recorded || !end.atStart);

/** An incremental round of `users/delta`. Resolves with `resync` when Graph wants the users read from the beginning. */
export const readUserChanges = async (context: CycleContext): Promise<'reached' | 'resync'> => {
  const cursor = known(context);
  if (cursor === undefined) return 'resync';
  const fingerprint = context.directory.fingerprint('users', []);
  const linkAt = async (place: CursorLink | undefined): Promise<string | undefined> =>
    place === undefined ? undefined : context.recordedLink(place);
  const pageLink = isInterruptedFull(cursor) ? undefined : await linkAt(cursor.page);
  let startLink = pageLink ?? (await newestLink(context, cursor, fingerprint));
  let seen = 0;
  for (let restart = 0; restart <= RESTARTS; restart++) {
    noteRestart(context, CURSOR, restart);
    const end = await runRound<UserObservation>(context, {
      cursor: CURSOR,
      source: 'users',
      groupIds: [],
      kind: 'incremental',
      startLink,
      known: cursor,
      read: (link) => context.directory.usersPage(at(link), { signal: context.signal }),
      prepare: makePeopleSettler(context, {
        reach: undefined,
        resumed: pageLink !== undefined && startLink === pageLink,
      }),
      detect: (items, requestId) => detectAll(context, items, requestId, undefined),
      onPage: (items) => {
        seen += items.length;
        context.progress({ step: 'users', done: seen, total: undefined });
      },
    });
    if (end._tag === 'Reached') return isBehind(context, pageLink, startLink) ? readUserChanges(context) : 'reached';
    const recorded = await linkAt(cursor.delta);
    if (isToGoBack(end, recorded, startLink)) {
      startLink = recorded;
      continue;
    }
    const reason = end._tag === 'Resync' ? end.reason : 'page-expired';
    await context.recorder.record(() => [
      { type: 'ResyncRequired', data: { source: 'users', cursor: CURSOR, reason } },
    ]);
    return 'resync';
  }
  throw new DirectorySyncError('graph-protocol', 'Microsoft Graph refused the pages of users again and again.');
};

/** Who was mentioned in one complete read, and whose manager was. */
export type AllUsersRead = { readonly seen: ReadonlySet<ObjectId>; readonly managersTold: ReadonlySet<ObjectId> };

/** One read of `users/delta` from the beginning, to its delta link: members join from its pages, known people are compared. */
export const readAllUsers = async (context: CycleContext, reach: Reach): Promise<AllUsersRead> => {
  const before = known(context);
  // Otherwise the recorded edges are confirmed first (`confirmJoiners`), and the profiles are read by id.
  const joiningReach = edgesAreFresh(context) ? reach : undefined;
  for (let restart = 0; restart <= RESTARTS; restart++) {
    noteRestart(context, CURSOR, restart);
    const seen = new Set<ObjectId>();
    const managersTold = new Set<ObjectId>();
    const end = await runRound<UserObservation>(context, {
      cursor: CURSOR,
      source: 'users',
      groupIds: [],
      kind: 'full',
      startLink: undefined,
      known: before,
      read: (link) => context.directory.usersPage(at(link), { signal: context.signal, full: true }),
      prepare: makePeopleSettler(context, { reach: joiningReach, resumed: false }),
      detect: (items, requestId) => detectAll(context, items, requestId, joiningReach),
      onPage: (items) => {
        for (const item of items) {
          seen.add(item.userId);
          if (item._tag !== 'UserObserved') continue;
          if (item.manager._tag !== 'NotMentioned') managersTold.add(item.userId);
          // Whoever joins by this entry joins without the manager that an earlier one told.
          else if (context.state.person(item.userId)?.inScope !== true) managersTold.delete(item.userId);
        }
        context.progress({ step: 'users', done: seen.size, total: undefined });
      },
    });
    if (end._tag === 'Reached') return { seen, managersTold };
  }
  throw new DirectorySyncError('graph-protocol', 'Microsoft Graph refused to read all users to their end.');
};

const joinEvents = (
  context: CycleContext,
  { userId, deleted }: DirectoryPerson,
  seen: UserObserved,
  reach: Reach,
): ReadonlyArray<DirectoryEvent> => {
  const joined = joinScope(seen, context.tracked(), pathTo(userId, reach));
  if (joined === undefined) return [];
  return deleted === undefined ? [joined] : [{ type: 'UserRestored', data: { userId } }, joined];
};

export type Unread = { readonly refused: ReadonlyArray<ObjectId>; readonly notFound: ReadonlyArray<ObjectId> };

/** Everybody refused: that is a permission, not so many people. One alone may be a fault of that one. */
const refuseIfNobody = (reads: ReadonlyArray<ProfileRead>): void => {
  if (reads.length < 2 || reads.some(({ _tag }) => _tag !== 'Unreadable')) return;
  throw new DirectorySyncError(
    'graph-credentials',
    'Microsoft Graph shows no profile of any of the people who were asked for: grant User.Read.All to the app and consent again. Nobody was changed.',
  );
};

/** A direct read names no deleted manager: whoever is named is back, though the news of it was lost with a cursor. */
const managersBack = (context: CycleContext, reads: ReadonlyArray<ProfileRead>): ReadonlyArray<Pending> => {
  const named = new Set(
    reads.flatMap((read) => {
      const manager = read._tag === 'Found' && read.user.manager._tag === 'Known' ? read.user.manager.managerId : null;
      return manager !== null && context.state.person(manager)?.deleted === 'soft' ? [manager] : [];
    }),
  );
  // Who was read in the same breath speaks for himself.
  for (const read of reads) if (read._tag === 'Found') named.delete(read.user.userId);
  return [...named].map((userId) => ({ type: 'UserRestored', data: { userId } }));
};

/**
 * Profiles by id: those who join, and in a read from the beginning everybody in scope. Resolves with those who could not be
 * read: a refusal, or a 404 of somebody whom the group lists, says nothing about the person (design D4). They are asked again.
 */
export const readProfiles = async (
  context: CycleContext,
  userIds: ReadonlyArray<ObjectId>,
  reach: Reach,
): Promise<Unread> => {
  const unread = { refused: [] as ObjectId[], notFound: [] as ObjectId[] };
  const size = 200;
  for (let at = 0; at < userIds.length; at += size) {
    context.progress({ step: 'profiles', done: at, total: userIds.length });
    const reads = await ask(context.directory.readProfiles(userIds.slice(at, at + size), { signal: context.signal }));
    refuseIfNobody(reads);
    for (const read of reads) {
      if (read._tag === 'Unreadable') unread.refused.push(read.userId);
      if (read._tag === 'NotFound') unread.notFound.push(read.userId);
    }
    await context.recorder.record(() => [
      ...managersBack(context, reads),
      ...reads.flatMap((read): ReadonlyArray<Pending> => {
        if (read._tag !== 'Found') return [];
        const person = context.state.person(read.user.userId) ?? initialPerson(read.user.userId);
        const events = isToJoin(person)
          ? joinEvents(context, person, read.user, reach)
          : detectKnown(context, person, read.user);
        return events.map((event) => ({ ...event, graphRequestId: read.requestId }));
      }),
    ]);
  }
  if (userIds.length > 0) context.progress({ step: 'profiles', done: userIds.length, total: userIds.length });
  for (const userId of unread.refused) context.unreadable.add(userId);
  return unread;
};
