import type { Job } from '../../../src/contract.js';
import { counted, spaced } from '../words.js';
import { CommandTable } from './command-table.js';

/** What saving other preferences would send, and what it would send no longer. */
export const WhatIfResult = ({ company, job }: { readonly company: string; readonly job: Job | undefined }) => {
  if (job?.result?.kind !== 'what-if') return null;
  const { summary, commands, noLonger } = job.result;
  return (
    <div className="result" role="status">
      <p>
        <strong>
          {summary.people === 0
            ? 'Saving this would send nothing.'
            : `Saving this would send something for ${counted(summary.people, 'person', 'people')}.`}
        </strong>
      </p>
      <ul className="counts">
        {Object.entries(summary.commands).map(([kind, { sent, held }]) => (
          <li key={kind}>
            {spaced(kind)}: {sent}
            {held > 0 ? `, and ${held} held` : ''}
          </li>
        ))}
      </ul>
      {summary.notYetRead.length > 0 ? (
        <p>Not read so far: {summary.notYetRead.join(', ')}. The first sync after saving reads it.</p>
      ) : null}
      {commands.length > 0 ? <CommandTable company={company} commands={commands} total={commands.length} /> : null}
      {noLonger.length > 0 ? (
        <>
          <h3>No longer sent</h3>
          <CommandTable company={company} commands={noLonger} total={noLonger.length} />
        </>
      ) : null}
    </div>
  );
};
