import type { DoctorCheck } from '@learnamp/directory-sync';
import type { Job } from '../../../src/contract.js';
import { Badge } from './basics.js';

const words = { ok: 'Fine', note: 'Note', failed: 'Missing', skipped: 'Not looked at' } as const;
const tones = { ok: 'good', note: 'info', failed: 'bad', skipped: 'quiet' } as const;

const aboutGroup: ReadonlySet<DoctorCheck['check']> = new Set([
  'group',
  'group-kind',
  'people',
  'nesting',
  'hidden-members',
]);

const Lines = ({ checks }: { readonly checks: ReadonlyArray<DoctorCheck> }) => (
  <ul className="checks">
    {checks.map(({ check, result, says }) => (
      <li key={check}>
        <Badge tone={tones[result]}>{words[result]}</Badge> {says}
      </li>
    ))}
  </ul>
);

/** What a sync relies on, as it was found so far: the group first, since that is what was asked about. */
export const CheckLines = ({ job }: { readonly job: Job | undefined }) => {
  if (job?.result?.kind !== 'check') return null;
  const { checks } = job.result;
  const others = checks.filter(({ check }) => !aboutGroup.has(check));
  const missing = others.filter(({ result }) => result === 'failed');
  return (
    <div role="status" aria-live="polite">
      <Lines checks={checks.filter(({ check }) => aboutGroup.has(check))} />
      <Lines checks={missing} />
      <details>
        <summary>Everything else a sync relies on ({others.length - missing.length})</summary>
        <Lines checks={others.filter(({ result }) => result !== 'failed')} />
      </details>
    </div>
  );
};
