import type { Cursor, DirectoryEvent, GroupObservation, ObjectId, Reach } from '@learnamp/directory-sync-domain';
import { detectAbsentMembers, detectGroup } from '@learnamp/directory-sync-domain';
import { extended } from '@learnamp/directory-sync-event-sourcing';
import { chunksOf } from '../chunks-of.js';
import { DirectorySyncError } from '../directory-sync.js';
import type { Pending } from '../record/recorder.js';
import { groupsBelow, type AskedAhead } from './ask-ahead.js';
import { ask, type CycleContext } from './cycle-context.js';
import { runRound, type RoundEnd } from './run-round.js';
import { makeEdgeSettler } from './settle-edges.js';
import { supersededCursors } from './superseded-cursors.js';
import { makeToldEdges } from './told-edges.js';

/** Graph filters a groups delta by at most 50 ids (api/group-delta). */
const GROUPS_PER_CURSOR = 50;
const RESTARTS = 2;

type Plan = {
  readonly cursor: string;
  readonly groupIds: ReadonlyArray<ObjectId>;
  readonly kind: 'initial' | 'incremental' | 'full';
  readonly startLink: string | undefined;
  /** From the page at which an earlier process stopped. */
  readonly resumed?: boolean;
  readonly known: Cursor | undefined;
};

const groupCursors = (context: CycleContext): ReadonlyArray<Cursor> =>
  Object.values(context.state.connection().cursors).filter(({ source }) => source === 'groups');

export const reachNow = (context: CycleContext, scopeGroupId: ObjectId): Reach =>
  context.state.membership.reach(scopeGroupId);

/** Where a cursor goes on: at the page it stopped at, from its delta link, or from the beginning. */
const resume = async (context: CycleContext, known: Cursor): Promise<Plan> => {
  const { cursor, groupIds } = known;
  const fingerprint = context.directory.fingerprint('groups', groupIds);
  const restart: Plan = { cursor, groupIds, kind: 'full', startLink: undefined, known };
  if (known.resync !== undefined) return restart;
  // A full round decides by absence: it is never finished with half of its seen-set.
  if (known.page !== undefined && known.page.fingerprint === fingerprint && known.page.round.kind !== 'full')
    return {
      cursor,
      groupIds,
      kind: known.page.round.kind,
      startLink: await context.recordedLink(known.page),
      resumed: true,
      known,
    };
  if (known.delta === undefined) return restart;
  if (known.delta.fingerprint !== fingerprint) {
    await context.recorder.record(() => [
      { type: 'ResyncRequired', data: { source: 'groups', cursor, reason: 'query-changed' } },
    ]);
    return restart;
  }
  const recorded = await context.recordedLink(known.delta);
  const newer = await context.links.get(cursor, fingerprint, recorded);
  return { cursor, groupIds, kind: 'incremental', startLink: newer ?? recorded, known };
};

const roundOf = async (context: CycleContext, plan: Plan): Promise<RoundEnd> => {
  const { membership } = context.state;
  const told = makeToldEdges();
  const seen = told.members;
  const note = (items: ReadonlyArray<GroupObservation>): void => {
    told.note(items);
    context.read.groups += items.length;
    context.progress({ step: 'groups', done: context.read.groups, total: undefined });
  };
  const followed = new Set(plan.groupIds);
  const full = plan.kind === 'full';
  const resumed = plan.kind === 'incremental' && plan.resumed === true;
  const settler = makeEdgeSettler(context, { told, followed, resumed, full });
  /** Groups that lost every member at once, and may only be hidden from us: unreadable, not empty (design D4). */
  const doubtful = new Set<ObjectId>();
  const doubtEmptied = async (): Promise<void> => {
    for (const [groupId, members] of seen) {
      if (members.size > 0 || !followed.has(groupId) || membership.group(groupId).members.size === 0) continue;
      const read = await ask(context.directory.readGroup(groupId, { signal: context.signal }));
      if (read._tag === 'Readable' && read.hiddenMembership !== true) continue;
      doubtful.add(groupId);
      context.logger.warn({ groupId }, 'The members of this group are not shown: what was known of them stays.');
    }
  };
  const detect = (items: ReadonlyArray<GroupObservation>, requestId: string | undefined): ReadonlyArray<Pending> =>
    detectPage(
      context,
      items.filter(({ groupId }) => followed.has(groupId)),
    ).map((event) => extended(event, { graphRequestId: requestId }));
  return runRound<GroupObservation>(context, {
    cursor: plan.cursor,
    source: 'groups',
    groupIds: plan.groupIds,
    kind: plan.kind,
    startLink: plan.startLink,
    known: plan.known,
    read: (link) =>
      context.directory.groupsPage(link === undefined ? { groupIds: plan.groupIds } : { link }, {
        signal: context.signal,
      }),
    prepare: settler.settle,
    detect,
    onPage: note,
    afterwards: () =>
      settler.isOpen() && !full
        ? [{ type: 'ResyncRequired', data: { source: 'groups', cursor: plan.cursor, reason: 'contradicted' } }]
        : [],
    doubt: full ? doubtEmptied : undefined,
    complete: !full
      ? undefined
      : (last) =>
          [...seen]
            .filter(([groupId]) => followed.has(groupId) && !doubtful.has(groupId))
            .flatMap(([groupId, members]) => detectAbsentMembers(membership.group(groupId), members))
            .filter((absent) => !last.some((removed) => isSameEdge(removed, absent))),
  });
};

/** Of a member that the last page called removed the end of the round says nothing more. */
const isSameEdge = (told: Pending, absent: DirectoryEvent): boolean =>
  told.type === 'GroupMemberRemoved' &&
  absent.type === 'GroupMemberRemoved' &&
  told.data.groupId === absent.data.groupId &&
  told.data.memberId === absent.data.memberId;

/** Events of one page: slices of one group that recur in it see each other. */
const detectPage = (context: CycleContext, items: ReadonlyArray<GroupObservation>): ReadonlyArray<Pending> => {
  const merged = new Map<ObjectId, GroupObservation>();
  const out: Pending[] = [];
  for (const item of items) {
    const earlier = merged.get(item.groupId);
    merged.set(
      item.groupId,
      earlier?._tag === 'GroupObserved' && item._tag === 'GroupObserved'
        ? { ...item, name: item.name ?? earlier.name, members: [...earlier.members, ...item.members] }
        : item,
    );
  }
  for (const item of merged.values())
    out.push(...(detectGroup(context.state.membership.group(item.groupId), item) as ReadonlyArray<Pending>));
  return out;
};

/** How many of a cursor's groups are deleted now and will not be after the round. */
const restoredGroups = (context: CycleContext, plan: Plan): (() => number) => {
  const { isDeleted } = context.state.membership;
  const deleted = plan.groupIds.filter(isDeleted);
  return () => deleted.filter((groupId) => !isDeleted(groupId)).length;
};

/** What is to be read of a cursor right after a round of it was complete; mostly nothing. */
const afterReached = async (context: CycleContext, plan: Plan, restored: number): Promise<Plan | undefined> => {
  if (plan.kind !== 'incremental') for (const groupId of plan.groupIds) context.fresh.add(groupId);
  if (plan.kind === 'full') return undefined;
  // A group that reappeared: what was recorded of its members before is not trusted (FC-13).
  if (restored > 0) return { ...plan, kind: 'full', startLink: undefined, resumed: false };
  const now = context.state.connection().cursors[plan.cursor];
  // A round that an earlier process began knows nothing of what happened since then.
  return plan.resumed === true && now !== undefined && now.page === undefined ? resume(context, now) : undefined;
};

/** Runs one cursor to its delta link, from the beginning where Graph asks for that. */
const follow = async (context: CycleContext, first: Plan): Promise<void> => {
  let plan = first;
  let last = '';
  for (let restart = 0; restart <= RESTARTS; restart++) {
    const restored = restoredGroups(context, plan);
    const end = await roundOf(context, plan);
    if (end._tag === 'Reached') {
      const next = await afterReached(context, plan, restored());
      if (next === undefined) return;
      plan = next;
      continue;
    }
    const { cursor, groupIds, known } = plan;
    if (end._tag === 'PageExpired' && known?.delta !== undefined && plan.kind === 'incremental') {
      const recorded = await context.recordedLink(known.delta);
      const fromDelta = plan.startLink === recorded;
      // The page aged: the round starts again from its last delta link, never from a mixture of the two tokens.
      if (!fromDelta || !end.atStart) {
        plan = { cursor, groupIds, kind: 'incremental', startLink: recorded, known };
        continue;
      }
    }
    const reason = end._tag === 'Resync' ? end.reason : 'page-expired';
    last = reason;
    await context.recorder.record(() => [{ type: 'ResyncRequired', data: { source: 'groups', cursor, reason } }]);
    // By our own query: a Location may name another one, and its cursor would tell of other groups from then on (FC-24).
    plan = { cursor, groupIds, kind: 'full', startLink: undefined, known };
  }
  throw new DirectorySyncError(
    'graph-protocol',
    `Microsoft Graph refused to read the groups (${last}), also from the beginning; run the sync again later.`,
  );
};

/**
 * The groups below a root, and deleted ones that stand as members there: only their own entries tell that they came back,
 * so somebody has to follow them although they grant nothing (FC-13).
 */
const groupsToFollow = (context: CycleContext, root: ObjectId): ReadonlyArray<ObjectId> => {
  const { groupsIn, isDeleted } = context.state.membership;
  return [...reachNow(context, root).groups.keys()].flatMap((groupId) => [
    groupId,
    ...[...groupsIn(groupId)].filter(isDeleted),
  ]);
};

type Uncovered = {
  /** Groups that a cursor follows. */
  readonly covered: Set<ObjectId>;
  readonly kindOf: (groupId: ObjectId) => 'initial' | 'full';
  readonly ahead: AskedAhead['groupsBelow'];
};

/**
 * New cursors for groups that no cursor follows yet. Nesting shows as groups are read; where it goes deeper than what the
 * edges show at first, the directory is asked for all of it at once, and what it leaves out is found level by level. What was
 * `ahead` asked for is read together with the roots.
 */
const readUncovered = async (
  context: CycleContext,
  roots: ReadonlyArray<ObjectId>,
  { covered, kindOf, ahead }: Uncovered,
): Promise<void> => {
  const below = (level: number): Promise<ReadonlyArray<ObjectId>> | undefined => {
    if (ahead !== undefined) return level === 0 ? ahead() : undefined;
    return level === 1 ? groupsBelow(context, roots) : undefined;
  };
  for (let level = 0; ; level++) {
    const known = roots.flatMap((root) => groupsToFollow(context, root));
    if (known.every((groupId) => covered.has(groupId))) return;
    const wanted = new Set([...known, ...((await below(level)) ?? [])]);
    // In one order, whoever named them: a full cycle that was interrupted leaves cursors that follow what the old ones do.
    const uncovered = [...wanted].filter((groupId) => !covered.has(groupId)).sort();
    // Told apart before anything is read: a group read for the first time would look like a known one right after.
    const kinds = new Map(uncovered.map((groupId) => [groupId, kindOf(groupId)]));
    for (const kind of ['initial', 'full'] as const) {
      for (const groupIds of chunksOf(
        uncovered.filter((groupId) => kinds.get(groupId) === kind),
        GROUPS_PER_CURSOR,
      )) {
        const cursor = `groups:${context.state.connection().nextCursor}`;
        await follow(context, { cursor, groupIds, kind, startLink: undefined, known: undefined });
        for (const groupId of groupIds) covered.add(groupId);
      }
    }
  }
};

/**
 * Brings the recorded edges up to date: a round per cursor, then new cursors for groups that came into the closure.
 * A full read starts from nothing but the closure's ids, with new cursors of 50 groups, and drops the old ones.
 * Groups that were detached stay followed until then, so attaching one again needs no download.
 *
 * @param roots the scope group; with a changed scope group both, so that the new one is read to its end before the old is let go
 */
export const readGroups = async (
  context: CycleContext,
  roots: ReadonlyArray<ObjectId>,
  ahead?: AskedAhead['groupsBelow'],
): Promise<void> => {
  const { membership } = context.state;
  const wasMet = (groupId: ObjectId) => {
    const { members } = membership.group(groupId);
    return members.size > 0 || membership.isDeleted(groupId);
  };
  const old = groupCursors(context);
  const drop = async (superseded: () => ReadonlyArray<string>): Promise<void> => {
    await context.recorder.record(() =>
      superseded().map((cursor) => ({ type: 'DeltaCursorDropped', data: { source: 'groups', cursor } })),
    );
  };
  if (context.full && old.length > 0) {
    await readUncovered(context, roots, { covered: new Set(), kindOf: () => 'full', ahead });
    await drop(() => old.map(({ cursor }) => cursor));
    return;
  }
  for (const known of old) await follow(context, await resume(context, known));
  await drop(() => supersededCursors(groupCursors(context)));
  const covered = new Set(groupCursors(context).flatMap(({ groupIds }) => groupIds));
  await readUncovered(context, roots, { covered, kindOf: (groupId) => (wasMet(groupId) ? 'full' : 'initial'), ahead });
};
