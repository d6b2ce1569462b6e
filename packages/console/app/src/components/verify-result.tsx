import type { VerifyCheck, VerifyReport } from '@learnamp/directory-sync';
import type { Job } from '../../../src/contract.js';
import { count, counted, lasting } from '../words.js';
import { Badge, Time } from './basics.js';

const names: Readonly<Record<VerifyCheck['name'], string>> = {
  chain: 'Each record follows from the one before it',
  records: 'Every seal and all data can be read',
  commands: 'Every command that was sent is derived again, and the same',
  receipts: 'Every answer of Learn Amp belongs to a command',
  invariants: 'What must never happen did not happen',
  projections: 'The rows shown here are what the log says',
  access: 'The record of who looked is whole',
  head: 'The log is the one whose head was kept elsewhere',
};

const Found = ({ differences, incomplete, checked }: VerifyCheck) => {
  if (differences > 0) return <Badge tone="bad">{counted(differences, 'difference', 'differences')}</Badge>;
  if (incomplete !== undefined) return <Badge tone="warn">Not to the end</Badge>;
  return checked === 0 ? <Badge tone="quiet">Nothing to look at</Badge> : <Badge tone="good">Holds</Badge>;
};

const Details = ({ first, differences, incomplete, counts }: VerifyCheck) => (
  <>
    {incomplete === undefined ? null : <span className="small">{incomplete} </span>}
    {Object.entries(counts).map(([what, times]) => (
      <span key={what} className="small">
        {what}: {count(times)}{' '}
      </span>
    ))}
    {first.length === 0 ? null : (
      <ul className="small">
        {first.map(({ revision, type, what }, place) => (
          <li key={place}>
            {revision === null ? '' : `Event ${revision}${type === null ? '' : `, ${type}`}: `}
            <bdi>{what}</bdi>
          </li>
        ))}
        {differences > first.length ? <li>and {count(differences - first.length)} more</li> : null}
      </ul>
    )}
  </>
);

const Verified = ({ report, ended }: { readonly report: VerifyReport; readonly ended: string | null }) => (
  <div role="status">
    <p>
      <Badge tone={report.ok ? 'good' : 'bad'}>{report.ok ? 'Everything holds' : 'Something does not hold'}</Badge>{' '}
      {count(report.events)} events in {lasting(report.durationMs)}, <Time moment={ended} />
    </p>
    <div className="scroll" tabIndex={0} role="region" aria-label="what was verified">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className="number">
              Looked at
            </th>
            <th scope="col">Found</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {report.checks.map((check) => (
            <tr key={check.name}>
              <th scope="row">{names[check.name]}</th>
              <td className="number">{count(check.checked)}</td>
              <td>
                <Found {...check} />
              </td>
              <td>
                <Details {...check} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </div>
);

/** What verifying or rebuilding came to. */
export const VerifyResult = ({ job }: { readonly job: Job | undefined }) => {
  if (job?.result?.kind === 'verify') return <Verified report={job.result.report} ended={job.endedAt} />;
  if (job?.result?.kind !== 'rebuild') return null;
  const { report } = job.result;
  return (
    <p role="status">
      <Badge tone="good">Rebuilt</Badge> {count(report.events)} events in {lasting(report.durationMs)},{' '}
      <Time moment={job.endedAt} />
    </p>
  );
};
