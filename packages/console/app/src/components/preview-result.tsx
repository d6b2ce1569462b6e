import type { Job } from '../../../src/contract.js';
import { counted, spaced } from '../words.js';
import { CommandTable } from './command-table.js';
import { Time } from './basics.js';

/** What a sync would do: counts first, then each command in words. */
export const PreviewResult = ({ company, job }: { readonly company: string; readonly job: Job | undefined }) => {
  if (job?.result?.kind !== 'preview') return null;
  const { totals, commands } = job.result;
  if (totals.send + totals.held === 0)
    return (
      <p role="status">
        A sync would change nothing. <Time moment={job.endedAt} />
      </p>
    );
  return (
    <div className="result" role="status">
      <p>
        <strong>
          A sync would send {counted(totals.send, 'command', 'commands')}
          {totals.held > 0 ? `, and ${totals.held} would wait for a decision` : ''}.
        </strong>{' '}
        <Time moment={job.endedAt} />
      </p>
      <ul className="counts">
        {Object.entries(totals.byKind).map(([kind, times]) => (
          <li key={kind}>
            {spaced(kind)}: {times}
          </li>
        ))}
      </ul>
      {totals.owners + totals.admins > 0 ? (
        <p className="mistake">
          {counted(totals.owners, 'owner', 'owners')} and {counted(totals.admins, 'admin', 'admins')} of Learn Amp are
          among those to be deactivated.
        </p>
      ) : null}
      <details>
        <summary>Each of them, in words</summary>
        <CommandTable company={company} commands={commands} total={totals.send + totals.held} />
      </details>
    </div>
  );
};
