import type { ObjectId } from '@learnamp/directory-sync-domain';
import { takesSeat } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import type { Job } from './dispatch.js';

type At = Pick<PlanningContext, 'state'>;

/** Somebody was refused for want of a seat and has none yet: seats may be few. */
const areScarce = ({ state }: At): boolean =>
  state
    .deliveredIn('refused')
    .some((userId) =>
      Object.entries(state.delivered(userId).rejected).some(
        ([kind, { code }]) => code === 'no_seats' && (kind === 'CreateUser' || kind === 'ReactivateUser'),
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
