import type { Job, JobKind } from '../../../src/contract.js';
import { change, path, useChange, useRead } from '../api.js';
import { count, lasting, stepWords } from '../words.js';

const isRunning = (job: Job | undefined): boolean => job !== undefined && job.endedAt === null;

type Begin =
  | { readonly kind: Exclude<JobKind, 'what-if' | 'check'> }
  | { readonly kind: 'what-if'; readonly preferences: unknown }
  | { readonly kind: 'check'; readonly tenantId: string; readonly groupId: string };

/** The newest job of each kind of a company: asked for once a second while one runs. */
export const useJobs = (company: string) => {
  const jobs = useRead<ReadonlyArray<Job>>(`${path('companies', company)}/jobs`, 1_000);
  const begin = useChange((body: Begin) => change<Job>('POST', `${path('companies', company)}/jobs`, body));
  const stop = useChange((kind: JobKind) => change('POST', `${path('companies', company)}/jobs/${kind}/stop`));
  const of = (kind: JobKind): Job | undefined => jobs.data?.find((job) => job.kind === kind);
  return { of, isRunning: (kind: JobKind) => isRunning(of(kind)), begin, stop };
};

/** Steps that follow are not counted in: what they take is not known before they begin. */
const timeLeft = ({ stepLeftMs }: Job): string =>
  stepLeftMs === null ? '' : `, about ${lasting(stepLeftMs)} left of this step`;

const says = (job: Job): string => {
  const { progress } = job;
  if (progress === null) return 'Beginning…';
  const step = stepWords[progress.step] ?? progress.step;
  const done =
    progress.total === undefined ? count(progress.done) : `${count(progress.done)} of ${count(progress.total)}`;
  return `${step}: ${done}${timeLeft(job)}`;
};

/** A running job with its progress, or what went wrong with it. */
export const JobProgress = ({ job, stop }: { readonly job: Job | undefined; readonly stop?: () => void }) => {
  if (job === undefined) return null;
  if (job.problem !== null)
    return (
      <p className="mistake" role="alert">
        {job.problem.message}
      </p>
    );
  if (job.endedAt !== null) return null;
  return (
    <div className="job" role="status" aria-live="polite">
      <p>{says(job)}</p>
      <progress
        aria-label="progress"
        {...(job.progress?.total === undefined ? {} : { max: job.progress.total, value: job.progress.done })}
      />
      {stop === undefined ? null : (
        <button type="button" className="plain" onClick={stop}>
          Stop
        </button>
      )}
    </div>
  );
};

export type Jobs = ReturnType<typeof useJobs>;
