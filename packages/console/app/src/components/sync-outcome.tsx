import { Mistake } from './basics.js';
import { JobProgress, type Jobs } from './job-panel.js';
import { SyncEnded } from './sync-ended.js';

const newestOf = ({ of }: Jobs) =>
  [of('sync'), of('full-sync')].sort((a, b) => ((a?.startedAt ?? '') < (b?.startedAt ?? '') ? 1 : -1))[0];

/** How far the newest sync is, or what it came to. */
export const SyncOutcome = ({ jobs }: { readonly jobs: Jobs }) => {
  const newest = newestOf(jobs);
  return (
    <>
      <Mistake refusal={jobs.begin.error} />
      <JobProgress job={newest} stop={() => jobs.stop.mutate(newest?.kind ?? 'sync')} />
      <SyncEnded job={newest} />
    </>
  );
};
