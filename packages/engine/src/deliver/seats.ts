import type { ObjectId } from '@learnamp/directory-sync-domain';
import type { CommandKind } from '@learnamp/directory-sync-domain';
import { takesSeat } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import type { Job } from './dispatch.js';

type At = Pick<PlanningContext, 'state'>;

/**
 * Seats are bought where no log tells of it: a full cycle takes it that there are some again, and asks with whoever came first.
 * Returns whether it did.
 */
export const askForSeats = async ({ full, recorder, state }: PlanningContext): Promise<boolean> => {
  const { noSeatsSince, unsupported } = state.connection();
  if (!full || noSeatsSince === '') return false;
  await recorder.record(() => [{ type: 'LearnAmpCapabilitiesObserved', data: { unsupported, seats: 'some' } }]);
  return true;
};

/** Somebody was refused for want of a seat and has none yet: seats may be few. */
const areScarce = ({ state }: At): boolean =>
  state
    .deliveredIn('refused')
    .some((userId) =>
      Object.entries(state.delivered(userId).rejected).some(
        ([kind, { code }]) => code === 'no_seats' && takesSeat(kind as CommandKind),
      ),
    );

/**
 * Those who need a seat, where seats are scarce, apart from everybody else: whoever entered the scope first is first (FC-93).
 */
export const queueForSeats = (
  at: At,
  jobs: ReadonlyArray<Job>,
): { readonly queue: ReadonlyArray<Job>; readonly others: ReadonlyArray<Job> } => {
  if (!areScarce(at)) return { queue: [], others: jobs };
  const needsSeat = ({ commands }: Job): boolean => commands.some(({ kind }) => takesSeat(kind));
  const came = ({ subject }: Job): number => Number(at.state.person(subject as ObjectId)?.joinedRevision ?? 0);
  const queue = jobs.filter(needsSeat).map((job) => ({ job, came: came(job) }));
  return {
    queue: queue.sort((a, b) => a.came - b.came).map(({ job }) => job),
    others: jobs.filter((job) => !needsSeat(job)),
  };
};
