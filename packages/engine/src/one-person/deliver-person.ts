import type { ObjectId, PersonPlan } from '@learnamp/directory-sync-domain';
import { deliver } from '../deliver/deliver.js';
import { admitDelivery, resumeDelivery } from '../deliver/delivery-pause.js';
import type { Dispatcher } from '../deliver/dispatch.js';
import { unlinkedEvents } from '../deliver/observe-accounts.js';
import { accountsInTheWay, driftEvents } from '../deliver/observe-drift.js';
import { lookUpPerson } from '../deliver/observe-learn-amp.js';
import type { Planner } from '../deliver/plan-now.js';
import { stopIfAborted, type CycleContext } from '../observe/cycle-context.js';
import type { EngineState } from '../state/engine-state.js';

/** The same state, in which this person alone waits for anything: whoever plans and delivers over it meets nobody else. */
export const stateOfOne = (state: EngineState, userId: ObjectId): EngineState => ({
  ...state,
  deliveredIn: (index) => state.deliveredIn(index).filter((each) => each === userId),
  takeTouched: () => new Set(state.takeTouched().has(userId) ? [userId] : []),
  work: { ...state.work, isEverybodyPending: () => false, pending: () => new Set([userId]) },
});

/** A deactivation is never sent from here: it takes a complete read, and the hold over everybody. */
const withoutLeavers = (planner: Planner): Planner => ({
  ...planner,
  plans: () =>
    new Map(
      [...planner.plans()].map(([userId, plan]): [ObjectId, PersonPlan] => [userId, { ...plan, leaver: undefined }]),
    ),
});

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

/** Looks at the account, plans this person, and delivers what the plan needs: the team, the account, the profile, the manager. */
export const deliverPerson = async (
  context: CycleContext,
  planner: Planner,
  dispatcher: Dispatcher,
  userId: ObjectId,
): Promise<void> => {
  await admitDelivery(context, true);
  await observeAccount(context, planner, userId);
  stopIfAborted(context);
  await deliver(context, withoutLeavers(planner), dispatcher, context.answers);
  await resumeDelivery(context);
};
