import type { Job } from '../../../src/contract.js';
import { count, lasting } from '../words.js';
import { Badge, Time } from './basics.js';

/** What verifying or rebuilding came to. */
export const VerifyResult = ({ job }: { readonly job: Job | undefined }) => {
  if (job?.result?.kind === 'verify') {
    const { report } = job.result;
    return (
      <div role="status">
        <p>
          <Badge tone={report.ok ? 'good' : 'bad'}>{report.ok ? 'Everything holds' : 'Something does not hold'}</Badge>{' '}
          {count(report.events)} events in {lasting(report.durationMs)}, <Time moment={job.endedAt} />
        </p>
        <pre>{JSON.stringify(report.checks, null, 2)}</pre>
      </div>
    );
  }
  if (job?.result?.kind === 'rebuild') {
    const { report } = job.result;
    return (
      <p role="status">
        <Badge tone="good">Rebuilt</Badge> {count(report.events)} events in {lasting(report.durationMs)},{' '}
        <Time moment={job.endedAt} />
      </p>
    );
  }
  return null;
};
