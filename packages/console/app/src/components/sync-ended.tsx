import type { SyncReport } from '@learnamp/directory-sync';
import type { Job } from '../../../src/contract.js';
import { counted, lasting } from '../words.js';
import { Time } from './basics.js';

const reportWords = (report: SyncReport): string => {
  if (!report.ok) return report.error?.message ?? 'The sync failed.';
  const sent = Object.values(report.commands).reduce((sum, counts) => sum + counts.succeeded, 0);
  const changes = Object.values(report.events).reduce((sum, times) => sum + times, 0);
  if (sent === 0 && changes === 0) return 'Everything was in step: nothing had changed.';
  return `${counted(sent, 'change was', 'changes were')} delivered to Learn Amp in ${lasting(report.durationMs)}.`;
};

/** What a sync came to. */
export const SyncEnded = ({ job }: { readonly job: Job | undefined }) =>
  job?.result?.kind === 'sync' || job?.result?.kind === 'full-sync' ? (
    <p role="status">
      {reportWords(job.result.report)} <Time moment={job.endedAt} />
    </p>
  ) : null;
