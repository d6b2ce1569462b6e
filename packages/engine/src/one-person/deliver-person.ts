import { planPerson, type ObjectId, type Preferences } from '@learnamp/directory-sync-domain';
import { deliver } from '../deliver/deliver.js';
import { withoutLeavers } from '../deliver/deliver-decided.js';
import { admitDelivery, resumeDelivery } from '../deliver/delivery-pause.js';
import type { Dispatcher } from '../deliver/dispatch.js';
import { unlinkedEvents } from '../deliver/observe-accounts.js';
import { accountsInTheWay, driftEvents } from '../deliver/observe-drift.js';
import { planBasis } from '../deliver/idle.js';
import { lookUpPerson } from '../deliver/observe-learn-amp.js';
import { planContextOf, type Planner } from '../deliver/plan-now.js';
import { stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import type { EngineState } from '../state/engine-state.js';

/** The same state, in which this person alone waits for anything: whoever plans and delivers over it meets nobody else. */
export const stateOfOne = (state: EngineState, userId: ObjectId): EngineState => ({
  ...state,
  deliveredIn: (index) => state.deliveredIn(index).filter((each) => each === userId),
  takeTouched: () => new Set(state.takeTouched().has(userId) ? [userId] : []),
  work: { ...state.work, isEverybodyPending: () => false, pending: () => new Set([userId]) },
});

function* idsInScope(state: EngineState): Generator<ObjectId> {
  for (const { userId } of state.inScope()) yield userId;
}

/**
 * Everybody else who is to be created as far as the log tells: they count for the hold over creations as in any cycle, so that nobody
 * of a crowd is let in by being named.
 */
export const othersToCreate =
  (state: EngineState, preferences: Preferences, one: ObjectId) =>
  (atMost: number): ReadonlyArray<ObjectId> => {
    const context = planContextOf(state, preferences);
    const isToBeMade = (userId: ObjectId): boolean =>
      userId !== one &&
      state.delivered(userId).link === undefined &&
      planPerson(context, userId).commands.some(({ kind }) => kind === 'CreateUser');
    const found: ObjectId[] = [];
    for (const userId of state.work.isEverybodyPending(planBasis(preferences))
      ? idsInScope(state)
      : state.work.pending()) {
      if (found.length >= atMost) break;
      if (isToBeMade(userId)) found.push(userId);
    }
    return found;
  };

/** Learn Amp's account of the person as it stands now; what is otherwise than it was believed to be is recorded. */
const observeAccount = async (context: CycleContext, planner: Planner, userId: ObjectId): Promise<void> => {
  const { state, recorder } = context;
  const person = state.person(userId);
  if (person === undefined) return;
  const { link } = state.delivered(userId);
  const looked = await lookUpPerson(context, userId, link, planner.context.desired(person).email);
  if (looked._tag === 'NoAnswer') return;
  const { account } = looked;
  const isInTheWay = accountsInTheWay(context).has(userId);
  await recorder.record(() =>
    state.delivered(userId).link === undefined
      ? unlinkedEvents(context, planner, userId, account)
      : driftEvents(context, planner, { userId, account: account ?? null, isInTheWay }, new Map()),
  );
};

type OfPerson = {
  /** The state of everybody; the cycle's own is of this person alone. */
  readonly state: EngineState;
  readonly planner: Planner;
  readonly dispatcher: Dispatcher;
  readonly userId: ObjectId;
};

/** Looks at the account, plans this person, and delivers what the plan needs: the team, the account, the profile, the manager. */
export const deliverPerson = async (
  context: CycleContext,
  { state, planner, dispatcher, userId }: OfPerson,
): Promise<void> => {
  await admitDelivery(context, true);
  await observeAccount(context, planner, userId);
  stopIfAborted(context);
  const others = othersToCreate(state, context.preferences, userId);
  await deliver({ ...context, othersToCreate: others }, withoutLeavers(planner), dispatcher, context.answers);
  await resumeDelivery(context);
};
