import type {
  DirectoryEventOf,
  DirectoryPerson,
  ObjectId,
  Reach,
  ScopeDifference,
} from '@learnamp/directory-sync-domain';
import { scopeDifference } from '@learnamp/directory-sync-domain';
import type { MembershipCheck } from '@learnamp/directory-sync-graph';
import type { Pending } from '../record/recorder.js';
import { ask, type CycleContext } from './cycle-context.js';
import { reachNow } from './read-groups.js';

/** After this many contradictions of one leave in a row the groups are read again to their end (design D4). */
const CONTRADICTIONS = 2;

/** Everybody whose place may be another: in scope now, or within reach. Costs as much as there are people. */
const everybodyIn = (context: CycleContext, scopeGroupId: ObjectId): Iterable<ObjectId> => {
  const { membership, inScopeIds, alongside } = context.state;
  const all = new Set(membership.usersIn(membership.reach(scopeGroupId)));
  for (const userId of inScopeIds()) all.add(userId);
  return alongside(all);
};

/**
 * Whom to look at: the people whose edges or standing changed since the scope was last settled, or everybody once edges
 * between groups changed. A full cycle looks at everybody, whatever is noted.
 */
const candidates = (context: CycleContext, scopeGroupId: ObjectId, everybody: boolean): Iterable<ObjectId> =>
  everybody || context.full || context.state.work.isEverybodyUnsettled()
    ? everybodyIn(context, scopeGroupId)
    : [...context.state.work.unsettled()];

/** Who leaves, decided at the end of complete rounds. Nobody leaves a scope group that was deleted or cannot be read. */
export const recordLeavers = async (
  context: CycleContext,
  scopeGroupId: ObjectId,
  scopeChange: DirectoryEventOf<'ScopeGroupChanged'> | undefined,
): Promise<void> => {
  const { state } = context;
  await context.recorder.record(() => {
    const scopeChanged = scopeChange !== undefined;
    const { left } = scopeDifference({
      reach: reachNow(context, scopeGroupId),
      candidates: candidates(context, scopeGroupId, scopeChanged),
      person: state.person,
      scopeChanged,
    });
    // The scope is frozen, but an account that Entra deleted is gone all the same.
    if (!scopeChanged && state.connection().scopeHold !== undefined)
      return left.filter(({ data }) => data.reason === 'deleted');
    return [...(scopeChanged ? [scopeChange] : []), ...left];
  });
};

const confirmation = (check: MembershipCheck): Pending => {
  const { userId } = check;
  switch (check._tag) {
    case 'NotMember':
      return {
        type: 'LeaveConfirmed',
        data: { userId, by: 'checkMemberGroups' },
        graphRequestId: check.requestId,
      };
    case 'UserNotFound':
      return { type: 'LeaveConfirmed', data: { userId, by: 'not-found' }, graphRequestId: check.requestId };
    case 'StillMember':
      return {
        type: 'LeaveUnconfirmed',
        data: { userId, because: 'still-a-member' },
        graphRequestId: check.requestId,
      };
    case 'Unconfirmed':
      return { type: 'LeaveUnconfirmed', data: { userId, because: check.because } };
  }
};

/** A second no changes nothing that stands: it is recorded when it is news, and while contradictions are counted. */
const isNews = (context: CycleContext, event: Pending): boolean => {
  if (event.type !== 'LeaveUnconfirmed') return true;
  const leave = context.state.person(event.data.userId)?.leave;
  return leave?.because !== event.data.because || leave.contradictions < CONTRADICTIONS;
};

/** The leavers whose accounts would be deactivated and who need another agreeing read: one, and one more per round of grace. */
const unconfirmed = (context: CycleContext): ReadonlyArray<ObjectId> => {
  const needed = 1 + context.preferences.graceRounds;
  return context.state.deliveredIn('leaving').filter((userId) => {
    const leave = context.state.person(userId)?.leave;
    return leave !== undefined && leave.confirmations < needed;
  });
};

/**
 * The second read behind every leave: `checkMemberGroups` with the scope group, transitive. Only an explicit "no", or a
 * 404 of the account, confirms; "still a member", 403 and errors confirm nothing and are asked again next cycle.
 */
export const confirmLeavers = async (context: CycleContext, scopeGroupId: ObjectId): Promise<void> => {
  const leavers = unconfirmed(context);
  if (leavers.length === 0) return;
  const size = 200;
  for (let at = 0; at < leavers.length; at += size) {
    context.progress({ step: 'confirm', done: at, total: leavers.length });
    const asked = leavers.slice(at, at + size);
    const deleted = new Set(asked.filter((userId) => context.state.person(userId)?.leave?.reason === 'deleted'));
    const checks = await ask(
      context.directory.checkMembership(asked, scopeGroupId, { signal: context.signal, deleted }),
    );
    await context.recorder.record(() => {
      const news = checks.map(confirmation).filter((event) => isNews(context, event));
      return news.some((event) => contradictsAgain(context, event)) ? [...news, ...rereadGroups(context)] : news;
    });
  }
  context.progress({ step: 'confirm', done: leavers.length, total: leavers.length });
};

/** Graph's delta says gone and a direct read says member, twice: what was recorded of the groups is not trusted any more. */
const contradictsAgain = (context: CycleContext, event: Pending): boolean => {
  if (event.type !== 'LeaveUnconfirmed' || event.data.because !== 'still-a-member') return false;
  const before = context.state.person(event.data.userId)?.leave?.contradictions ?? 0;
  return before + 1 >= CONTRADICTIONS;
};

/**
 * All of them, since where the person really is was not recorded, and once: what a fresh read does not put right waits for
 * the next full cycle.
 */
const rereadGroups = (context: CycleContext): ReadonlyArray<Pending> =>
  Object.values(context.state.connection().cursors).flatMap(({ source, cursor, resync }): ReadonlyArray<Pending> =>
    source === 'groups' && resync === undefined
      ? [{ type: 'ResyncRequired', data: { source, cursor, reason: 'contradicted-leave' } }]
      : [],
  );

/** Said to be deleted, and listed as a member: only an account that exists can be listed anew. */
const isBackByListing = (known: DirectoryPerson | undefined, everybodyRead: boolean): boolean =>
  known?.deleted !== undefined && !known.inScope && (everybodyRead || known.leave?.reason === 'removed');

/** What the recorded edges make of the candidates, each of whom is looked at once: costs as much as there are. */
const differenceAmong = (
  context: CycleContext,
  among: { readonly reach: Reach; readonly candidates: Iterable<ObjectId> },
  everybodyRead: boolean,
): ScopeDifference => {
  const { person } = context.state;
  const { reach } = among;
  const back: ObjectId[] = [];
  const looking = function* (): Generator<ObjectId> {
    for (const userId of among.candidates) {
      if (isBackByListing(person(userId), everybodyRead) && reach.holderOf(userId) !== undefined) back.push(userId);
      yield userId;
    }
  };
  const { joining, left } = scopeDifference({ reach, candidates: looking(), person, scopeChanged: false });
  return { joining: [...joining, ...back], left };
};

/**
 * People whose account came back and who did not: whether they are members is not told by any delta, and the recorded edges
 * may be wrong about them in both directions.
 */
export const restoredPeople = ({ state, restored }: CycleContext): ReadonlyArray<ObjectId> =>
  [...new Set([...restored, ...state.work.unsettled()])].filter((userId) => {
    const person = state.person(userId);
    return person?.inScope === false && person.deleted === undefined && person.leave?.reason === 'deleted';
  });

/**
 * Reachable people who are not in scope yet. Where everybody was read from the beginning, also those who were said to be
 * deleted: with `$select` Graph may never tell that an account was restored (public reports, microsoft-graph-docs-contrib
 * #6555), a cursor that was lost took the news with it, and a fresh read lists no deleted member.
 */
export const joiningNow = (
  context: CycleContext,
  scopeGroupId: ObjectId,
  { everybodyRead, scopeChanged }: { readonly everybodyRead: boolean; readonly scopeChanged: boolean },
): ReadonlyArray<ObjectId> =>
  differenceAmong(
    context,
    {
      reach: reachNow(context, scopeGroupId),
      // The edges below another scope group may all be known already: nobody would be noted as unsettled.
      candidates: candidates(context, scopeGroupId, everybodyRead || scopeChanged),
    },
    everybodyRead,
  ).joining;

/**
 * Notes who has found their place. Whoever is still to join (an unreadable profile, a return that Graph does not confirm) or
 * to leave (a frozen scope) is looked at again by the next cycle.
 */
export const settleScope = (context: CycleContext, scopeGroupId: ObjectId): void => {
  const { connection, work } = context.state;
  if (connection().scopeHold !== undefined) return;
  const everybody = context.full || work.isEverybodyUnsettled();
  const looked = { reach: reachNow(context, scopeGroupId), candidates: candidates(context, scopeGroupId, everybody) };
  const { joining, left } = differenceAmong(context, looked, false);
  const waiting = context.full ? [] : restoredPeople(context);
  work.settleScope({ open: new Set([...joining, ...waiting, ...left.map(({ data }) => data.userId)]), everybody });
};
