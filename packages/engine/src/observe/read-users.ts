import type {
  Cursor,
  CursorLink,
  DirectoryEvent,
  ObjectId,
  Reach,
  UserObservation,
} from '@learnamp/directory-sync-domain';
import { initialPerson, joinScope, pathTo } from '@learnamp/directory-sync-domain';
import { extended } from '@learnamp/directory-sync-event-sourcing';
import { DirectorySyncError } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import type { AskedAhead } from './ask-ahead.js';
import { edgesAreFresh } from './confirm-joiners.js';
import { ask, graphTimeOf, noteGraphTime, type CycleContext } from './cycle-context.js';
import { detectKnown, isToJoin } from './detect-known.js';
import { recordProfiles } from './read-profiles.js';
import { makeReadsBeside } from './reads-beside.js';
import { runRound, type RoundEnd } from './run-round.js';
import { makePeopleSettler } from './settle-people.js';

const CURSOR = 'users';
const RESTARTS = 2;

const known = (context: CycleContext): Cursor | undefined => context.state.connection().cursors[CURSOR];

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
    return events.map((event) => extended(event, { graphRequestId: requestId }));
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

/** Whether the users are read from the beginning, and a cursor of now goes before that. */
export const needsUsersCursor = (context: CycleContext): boolean => {
  const cursor = known(context);
  return context.full || cursor === undefined || !isUsable(context, cursor);
};

/**
 * The cursor before anything else is read: what changes while profiles are read is told again by the first incremental round.
 * Returns the link to record with the first events, or `undefined` where a usable cursor stands.
 */
export const openUsersCursor = async (context: CycleContext, ahead?: AskedAhead): Promise<Pending | undefined> => {
  const cursor = known(context);
  const isCurrent = (): boolean => cursor !== undefined && isUsable(context, cursor);
  if (!needsUsersCursor(context)) return undefined;
  const page = await ask(ahead?.latestUsers ?? context.directory.latestUsers({ signal: context.signal }));
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

/** Who was mentioned in one complete read, and whose manager was told by it or by a direct read beside it. */
export type AllUsersRead = { readonly seen: ReadonlySet<ObjectId>; readonly managersTold: ReadonlySet<ObjectId> };

/**
 * What one reading of all users has told so far. A direct read beside it counts as much as one behind it: whatever changes after
 * a page was served is told by a later page or by the next round.
 */
const makeTelling = (context: CycleContext, reach: Reach) => {
  const seen = new Set<ObjectId>();
  const managersTold = new Set<ObjectId>();
  const beside = makeReadsBeside(context, (userId) => !managersTold.has(userId));
  let page: ReadonlyArray<UserObservation> = [];
  const recordFound = async (): Promise<void> => {
    const reads = beside.take();
    if (reads.length > 0) await recordProfiles(context, reads, reach);
    for (const { user } of reads) managersTold.add(user.userId);
  };
  return {
    seen,
    managersTold,
    onPage: (items: ReadonlyArray<UserObservation>): void => {
      page = items;
      for (const item of items) {
        beside.mentioned(item.userId);
        seen.add(item.userId);
        if (item._tag !== 'UserObserved') continue;
        if (item.manager._tag !== 'NotMentioned') managersTold.add(item.userId);
        // Whoever joins by this entry joins without the manager that an earlier one told.
        else if (context.state.person(item.userId)?.inScope !== true) managersTold.delete(item.userId);
      }
    },
    /** Between two pages: the first is recorded, the second not asked for yet. */
    betweenPages: async (): Promise<void> => {
      await recordFound();
      beside.add(
        page.flatMap(({ userId }) =>
          !managersTold.has(userId) && context.state.person(userId)?.inScope === true ? [userId] : [],
        ),
      );
    },
    /** Behind the last page. */
    finish: async (): Promise<void> => {
      await beside.finish();
      await recordFound();
    },
    end: beside.end,
  };
};

/** One read of `users/delta` from the beginning, to its delta link: members join from its pages, known people are compared. */
export const readAllUsers = async (context: CycleContext, reach: Reach): Promise<AllUsersRead> => {
  const before = known(context);
  // Otherwise the recorded edges are confirmed first (`confirmJoiners`), and the profiles are read by id.
  const joiningReach = edgesAreFresh(context) ? reach : undefined;
  for (let restart = 0; restart <= RESTARTS; restart++) {
    const telling = makeTelling(context, reach);
    const { seen, managersTold } = telling;
    try {
      const end = await runRound<UserObservation>(context, {
        cursor: CURSOR,
        source: 'users',
        groupIds: [],
        kind: 'full',
        startLink: undefined,
        known: before,
        read: (link) => async () => {
          await telling.betweenPages();
          return context.directory.usersPage(at(link), { signal: context.signal, full: true })();
        },
        prepare: makePeopleSettler(context, { reach: joiningReach, resumed: false }),
        detect: (items, requestId) => detectAll(context, items, requestId, joiningReach),
        onPage: (items) => {
          telling.onPage(items);
          context.progress({ step: 'users', done: seen.size, total: undefined });
        },
      });
      if (end._tag === 'Reached') {
        await telling.finish();
        return { seen, managersTold };
      }
    } finally {
      await telling.end();
    }
  }
  throw new DirectorySyncError('graph-protocol', 'Microsoft Graph refused to read all users to their end.');
};
