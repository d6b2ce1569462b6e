import type { CommandKind, ObjectId } from '@learnamp/directory-sync-domain';
import { takesSeat } from '@learnamp/directory-sync-domain';
import type { PlanningContext } from '../observe/cycle-context.js';
import type { Job } from './dispatch.js';

/** Somebody whom Learn Amp refused for want of a seat, and who is tried again. */
export const waitedForSeat =
  ({ state }: Pick<PlanningContext, 'state'>) =>
  ({ subject, commands }: Job): boolean => {
    const { rejected } = state.delivered(subject as ObjectId);
    return commands.some(({ kind }: { readonly kind: CommandKind }) =>
      takesSeat(kind) ? rejected[kind]?.code === 'no_seats' : false,
    );
  };

/** Whoever came first is first. */
export const inOrderOfEntry = (
  { state }: Pick<PlanningContext, 'state'>,
  jobs: ReadonlyArray<Job>,
): ReadonlyArray<Job> => {
  const came = new Map(
    jobs.map((job) => [job, Number(state.person(job.subject as ObjectId)?.joinedRevision ?? 0)] as const),
  );
  return jobs.toSorted((a, b) => (came.get(a) ?? 0) - (came.get(b) ?? 0));
};
