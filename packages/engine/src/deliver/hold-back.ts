import type { Command, CommandOf, HoldDecision, ObjectId, Standing } from '@learnamp/directory-sync-domain';
import {
  decideCreations,
  decideDeactivations,
  isApprovedByName,
  isProtectedRole,
} from '@learnamp/directory-sync-domain';
import { chunksOf } from '../chunks-of.js';
import { remainingOwners } from '../hold/remaining-owners.js';
import { graphTimeOf, type PlanningContext } from '../observe/cycle-context.js';
import type { Pending } from '../record/recorder.js';
import type { Planner } from './plan-now.js';

/** A `CommandsHeld` event names at most this many people. */
const HELD_CHUNK = 500;

type HeldKind = 'deactivations' | 'creations';

const standingOf = (cycle: PlanningContext, userId: ObjectId, kind: HeldKind): Standing => {
  const { hold } = cycle.state.delivered(userId);
  return hold?.kind === kind ? hold.standing : 'new';
};

/** Whoever was approved for the numbers, and is seen to be an owner or admin, was not approved as that: held anew, by name. */
const standingAs = (cycle: PlanningContext, userId: ObjectId, protection: string): Standing => {
  const standing = standingOf(cycle, userId, 'deactivations');
  const isByName = isApprovedByName(cycle.state.delivered(userId), 'DeactivateUser');
  return standing === 'approved' && protection !== 'none' && !isByName ? 'new' : standing;
};

const recordHolds = async (
  cycle: PlanningContext,
  kind: HeldKind,
  decision: Pick<HoldDecision, 'hold'>,
): Promise<void> => {
  const graphTime = graphTimeOf(cycle);
  const events = decision.hold.flatMap(({ reason, userIds }): ReadonlyArray<Pending> =>
    chunksOf(userIds, HELD_CHUNK).map((named) => ({
      type: 'CommandsHeld',
      data: { kind, reason, userIds: named, graphTime },
    })),
  );
  await cycle.recorder.record(() => events);
};

/** The deactivations that may go out now; the others are recorded as held, once. */
export const releaseLeavers = async (
  cycle: PlanningContext,
  planner: Planner,
): Promise<ReadonlyArray<CommandOf<'DeactivateUser'>>> => {
  const { state, preferences } = cycle;
  const leavers = new Map<ObjectId, CommandOf<'DeactivateUser'>>();
  for (const [userId, { leaver }] of planner.plans()) if (leaver !== undefined) leavers.set(userId, leaver);
  // Who cannot be read may be one who is to stay: none of them goes before that is resolved, approved or not.
  if (leavers.size === 0 || state.isAnybodyUnreadable()) return [];
  const graphTime = graphTimeOf(cycle);
  const owners = remainingOwners(state, (userId) => leavers.has(userId));
  const decide = (
    userIds: ReadonlyArray<ObjectId>,
    scopeGroup: 'ok' | 'changed' | 'deleted' | 'unreadable',
    alsoCounted: ReadonlyArray<ObjectId>,
  ) =>
    decideDeactivations({
      settings: preferences.deactivationHold,
      graphTime,
      largestActive: state.largestActive(graphTime, preferences.deactivationHold.windowHours),
      dispatched: [
        ...state.connection().sentDeactivations,
        ...alsoCounted.map((userId) => ({ userId, at: graphTime })),
      ],
      candidates: userIds.map((userId) => {
        const { role } = state.delivered(userId);
        const protection =
          role === 'owner' && owners === 0
            ? ('last-owner' as const)
            : isProtectedRole(role)
              ? ('protected' as const)
              : ('none' as const);
        return { userId, protection, standing: standingAs(cycle, userId, protection) };
      }),
      scopeEmpty: state.inScopeCount() === 0,
      scopeGroup,
    });
  const scopeHold = state.connection().scopeHold;
  const scopeGroup =
    scopeHold === 'scope-group-deleted' ? 'deleted' : scopeHold === 'scope-group-unreadable' ? 'unreadable' : 'ok';
  const isByChange = (userId: ObjectId): boolean => state.person(userId)?.leave?.reason === 'scope-changed';
  const byChange = [...leavers.keys()].filter(isByChange);
  const others = [...leavers.keys()].filter((userId) => !isByChange(userId));
  const decisions = [
    ...(byChange.length > 0 ? [decide(byChange, 'changed', others)] : []),
    ...(others.length > 0 ? [decide(others, scopeGroup, byChange)] : []),
  ];
  for (const decision of decisions) await recordHolds(cycle, 'deactivations', decision);
  return decisions.flatMap(({ send }) => send).flatMap((userId) => leavers.get(userId) ?? []);
};

/** People whose creation may not go out now. Nothing is held before the first completed sync. */
export const heldCreations = async (
  cycle: PlanningContext,
  creations: ReadonlyArray<Command>,
): Promise<ReadonlySet<ObjectId>> => {
  const { state, preferences } = cycle;
  const userIds = creations.flatMap((command) => (command.kind === 'CreateUser' ? [command.userId] : []));
  if (userIds.length === 0) return new Set();
  const graphTime = graphTimeOf(cycle);
  const { windowHours } = preferences.deactivationHold;
  const largestActive = state.largestActive(graphTime, windowHours);
  const { count, share } = preferences.creationHold;
  // More of them than the larger limit need not be looked for.
  const others = cycle.othersToCreate?.(Math.ceil(Math.max(count, share * largestActive)) + 1) ?? [];
  const decision = decideCreations({
    settings: preferences.creationHold,
    windowHours,
    graphTime,
    largestActive,
    dispatched: state.connection().sentCreations,
    candidates: [...new Set([...userIds, ...others])].map((userId) => ({
      userId,
      standing: standingOf(cycle, userId, 'creations'),
    })),
    initialSyncDone: state.connection().initialSyncDone,
  });
  // What is decided of others is recorded by a cycle of theirs.
  const own = new Set(userIds);
  const hold = decision.hold.map((each) => ({ ...each, userIds: each.userIds.filter((userId) => own.has(userId)) }));
  await recordHolds(cycle, 'creations', { hold });
  const free = new Set(decision.send);
  return new Set(userIds.filter((userId) => !free.has(userId)));
};

/**
 * Whoever returned, or needs the command no more, leaves the hold by himself (design, "The hold"). So does whose approval has
 * nothing left to free: it is not kept for another day.
 */
export const dissolveHolds = async (cycle: PlanningContext): Promise<void> => {
  const { state } = cycle;
  await cycle.recorder.record(() => {
    const free: Record<HeldKind, ObjectId[]> = { deactivations: [], creations: [] };
    for (const held of [...state.deliveredIn('held'), ...state.deliveredIn('approved')]) {
      const { userId, hold, status, gone, link } = state.delivered(held);
      if (hold === undefined) continue;
      const person = state.person(userId);
      const inScope = person?.inScope === true;
      const blocked = inScope && cycle.preferences.deactivateBlockedAccounts && !person.accountEnabled;
      const over =
        hold.kind === 'deactivations'
          ? (inScope && !blocked) || status === 'deactivated' || gone
          : !inScope || link !== undefined;
      if (over) free[hold.kind].push(userId);
    }
    return (['deactivations', 'creations'] as const).flatMap((kind): ReadonlyArray<Pending> => {
      return chunksOf(free[kind], HELD_CHUNK).map((userIds) => ({ type: 'HoldDissolved', data: { kind, userIds } }));
    });
  });
};
