import type { ObjectId } from '@learnamp/directory-sync-domain';
import { chunksOf } from '../chunks-of.js';
import type { Connection } from '../connection/open-connection.js';
import type { Pending } from '../record/recorder.js';
import type { EngineState } from '../state/engine-state.js';
import type { HeldKind, HoldDecided, HoldDecisionRequest, LeftUndecided } from './held.js';
import { needsName } from './list-held.js';
import { remainingOwners } from './remaining-owners.js';

type DecisionEvent = 'HeldCommandsApproved' | 'HeldCommandsRejected';

/** An event names at most this many people. */
const CHUNK = 500;

const kinds: ReadonlyArray<HeldKind> = ['deactivations', 'creations'];

/** Nobody would own the company any more. Other owners who wait to go, or are going, do not count as staying. */
const isLastOwner = (state: EngineState, userId: ObjectId): boolean =>
  state.delivered(userId).role === 'owner' &&
  remainingOwners(state, (other) => other === userId || state.delivered(other).hold !== undefined) === 0;

/** `undefined`: the decision covers them. */
const leftOut = (
  state: EngineState,
  type: DecisionEvent,
  userId: ObjectId,
  isNamed: boolean,
): LeftUndecided['why'] | undefined => {
  const standing = state.delivered(userId).hold?.standing;
  // What was approved can be taken back, by name, as long as it was not carried out.
  if (standing !== 'held' && !(type === 'HeldCommandsRejected' && isNamed && standing === 'approved'))
    return 'not-held';
  if (type === 'HeldCommandsRejected') return undefined;
  if (!isNamed && needsName(state, userId)) return 'by-name';
  return state.delivered(userId).hold?.kind === 'deactivations' && isLastOwner(state, userId)
    ? 'last-owner'
    : undefined;
};

type Sorted = Omit<HoldDecided, 'connectionId'>;

const sortOut = (state: EngineState, type: DecisionEvent, named: ReadonlyArray<ObjectId> | undefined): Sorted => {
  const decided: { readonly userId: ObjectId; readonly kind: HeldKind }[] = [];
  const left: LeftUndecided[] = [];
  for (const userId of named ?? state.deliveredIn('held')) {
    const why = leftOut(state, type, userId, named !== undefined);
    const kind = state.delivered(userId).hold?.kind;
    if (why !== undefined || kind === undefined) left.push({ userId, why: why ?? 'not-held' });
    else decided.push({ userId, kind });
  }
  return { decided, leftOut: left };
};

const eventsOf = (
  type: DecisionEvent,
  { decided }: Sorted,
  { by, reason }: HoldDecisionRequest,
): ReadonlyArray<Pending> =>
  kinds.flatMap((kind) => {
    const userIds = decided.flatMap((each) => (each.kind === kind ? [each.userId] : []));
    return chunksOf(userIds, CHUNK).map((named) => ({ type, data: { kind, userIds: named, actor: by, reason } }));
  });

/**
 * Records what somebody decided, for exactly the people it names: decided on everything that anybody recorded until then, and
 * again where somebody else was quicker. Deciding twice records nothing the second time, and whoever is held later is not covered.
 */
export const decideHeld = async (
  { options, open }: Connection,
  type: DecisionEvent,
  request: HoldDecisionRequest,
): Promise<HoldDecided> => {
  const { state, recorder } = await open();
  const named = request.userIds === undefined ? undefined : [...new Set(request.userIds)];
  await recorder.refresh();
  let sorted: Sorted = { decided: [], leftOut: [] };
  await recorder.administer(() => {
    sorted = sortOut(state, type, named);
    return eventsOf(type, sorted, request);
  });
  return { connectionId: options.connectionId, ...sorted };
};
