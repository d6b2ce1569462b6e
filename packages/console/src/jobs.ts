import { DirectorySyncError } from '@learnamp/directory-sync';
import { randomUUID } from 'node:crypto';
import type { Job, JobKind, JobResult } from './contract.js';
import { problemOf, Refused } from './problem.js';
import { makeStepClock } from './step-clock.js';

type Running = { job: Job; readonly stop: AbortController };

export type Work = (controls: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NonNullable<Job['progress']>) => void;
  /** What was found out so far. */
  readonly onResult: (result: JobResult) => void;
}) => Promise<JobResult>;

/** What takes longer than a request: the newest of each kind and company, running or ended. */
export type Jobs = {
  readonly begin: (connectionId: string, kind: JobKind, by: string, work: Work) => Job;
  readonly of: (connectionId: string) => ReadonlyArray<Job>;
  readonly stop: (connectionId: string, kind: JobKind) => void;
};

const asksWithValues: ReadonlySet<JobKind> = new Set(['what-if', 'check']);

export const makeJobs = (now: () => Date): Jobs => {
  const jobs = new Map<string, Map<JobKind, Running>>();

  const ofCompany = (connectionId: string): Map<JobKind, Running> => {
    const known = jobs.get(connectionId) ?? new Map<JobKind, Running>();
    jobs.set(connectionId, known);
    return known;
  };

  const problem = (error: unknown): Job['problem'] =>
    error instanceof DirectorySyncError || error instanceof Refused
      ? problemOf(error)
      : {
          code: 'internal',
          message: 'It failed for a reason that this console does not know: see the log of the process.',
        };

  return {
    begin: (connectionId, kind, by, work) => {
      const company = ofCompany(connectionId);
      const present = company.get(kind);
      if (present?.job.endedAt === null) {
        // Whoever asks for what is under way sees that; what is asked with other values takes the place of the one before.
        if (!asksWithValues.has(kind)) return present.job;
        present.stop.abort();
      }
      const stop = new AbortController();
      const job: Job = {
        id: randomUUID(),
        kind,
        by,
        startedAt: now().toISOString(),
        endedAt: null,
        progress: null,
        stepLeftMs: null,
        result: null,
        problem: null,
      };
      const running: Running = { job, stop };
      company.set(kind, running);
      const change = (parts: Partial<Job>): void => {
        running.job = { ...running.job, ...parts };
      };
      const stepLeft = makeStepClock(now);
      const ended = (): Partial<Job> => ({ progress: null, stepLeftMs: null, endedAt: now().toISOString() });
      work({
        signal: stop.signal,
        onProgress: (progress) => change({ progress, stepLeftMs: stepLeft(progress) }),
        onResult: (result) => change({ result }),
      }).then(
        (result) => change({ ...ended(), result }),
        (error: unknown) => change({ ...ended(), problem: problem(error) }),
      );
      return job;
    },
    of: (connectionId) => [...(jobs.get(connectionId)?.values() ?? [])].map(({ job }) => job),
    stop: (connectionId, kind) => jobs.get(connectionId)?.get(kind)?.stop.abort(),
  };
};
