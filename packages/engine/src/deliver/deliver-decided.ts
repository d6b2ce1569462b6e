import type { ObjectId, PersonPlan } from '@learnamp/directory-sync-domain';
import { DirectorySyncError } from '../directory-sync-error.js';
import type { CycleContext } from '../observe/cycle-context.js';
import { admitDelivery, pauseEvents, resumeDelivery } from './delivery-pause.js';
import { deliver } from './deliver.js';
import type { Sender } from './dispatch.js';
import { resolveUnknown } from './observe-learn-amp.js';
import type { Planner } from './plan-now.js';

/** Microsoft Graph tells nothing now: what was told before stands as it is. */
const silence: ReadonlySet<string> = new Set(['graph-credentials', 'graph-unreachable', 'throttled']);

/** The same plans without deactivations: those take a complete read, and the hold over everybody. */
export const withoutLeavers = (planner: Planner): Planner => ({
  ...planner,
  plans: () =>
    new Map(
      [...planner.plans()].map(([userId, plan]): [ObjectId, PersonPlan] => [userId, { ...plan, leaver: undefined }]),
    ),
});

/**
 * Whether what the log says rests on rounds that reached their end, of the group and the Learn Amp that are configured. Half a round may
 * tell the one half of a change of two.
 */
const isWhole = ({ state, groupId, recorder }: CycleContext): boolean => {
  const { cursors, fullDue, initialSyncDone, learnAmpMovedFrom, ...known } = state.connection();
  const isAsConfigured = known.groupId === groupId && learnAmpMovedFrom === undefined;
  const isUnderWay = Object.values(cursors).some(({ page, resync }) => page !== undefined || resync !== undefined);
  return initialSyncDone && !fullDue && isAsConfigured && !isUnderWay && recorder.appendedInCycle() === 0;
};

type Ended = {
  readonly error: DirectorySyncError;
  /** The directory was read to its end; what followed is the cycle's own. */
  readonly observed: boolean;
  readonly isProbed: boolean | undefined;
};

/**
 * What was decided before Microsoft Graph fell silent, and did not reach Learn Amp then: it is delivered now, but for deactivations (FC-72). Of
 * what keeps it from its end, only that delivery pauses is recorded: the cycle ends with what Graph said.
 */
export const deliverDecided = async (
  context: CycleContext,
  planner: Planner,
  sender: Sender,
  { error, observed, isProbed }: Ended,
): Promise<void> => {
  if (observed || !silence.has(error.code) || !isWhole(context)) return;
  try {
    await admitDelivery(context, isProbed !== false);
    await resolveUnknown(context, planner);
    await deliver(context, withoutLeavers(planner), sender, context.answers);
    await resumeDelivery(context);
  } catch (caught) {
    if (!(caught instanceof DirectorySyncError)) throw caught;
    await context.recorder.record(() => pauseEvents(context.state, caught)).catch(() => undefined);
  }
};
