import type { WhatIfSummary } from '@learnamp/directory-sync';
import type { Job } from '../../../src/contract.js';
import { count, counted, spaced } from '../words.js';
import { CommandTable } from './command-table.js';

const total = (commands: WhatIfSummary['commands']): number =>
  Object.values(commands).reduce((sum, { sent, held }) => sum + sent + held, 0);

/** What saving other preferences would send, and what it would send no longer. */
export const WhatIfResult = ({ company, job }: { readonly company: string; readonly job: Job | undefined }) => {
  if (job?.result?.kind !== 'what-if') return null;
  const { summary, changes, commands, noLonger } = job.result;
  const isNothing = Object.keys(changes.commands).length === 0;
  const inAnyCase = total(summary.commands) - total(changes.commands);
  return (
    <div className="result" role="status">
      <p>
        <strong>
          {isNothing
            ? 'Saving this would send nothing new.'
            : `Saving this would send something for ${counted(changes.people, 'person', 'people')}.`}
        </strong>
      </p>
      <ul className="counts">
        {Object.entries(changes.commands).map(([kind, { sent, held }]) => (
          <li key={kind}>
            {spaced(kind)}: {held === 0 || sent > 0 ? count(sent) : ''}
            {held === 0 ? '' : `${sent > 0 ? ', and ' : ''}${count(held)} waiting for a decision`}
          </li>
        ))}
      </ul>
      {inAnyCase > 0 ? (
        <p className="small">
          {counted(inAnyCase, 'other command goes', 'other commands go')} out, or wait for a decision, in any case.
        </p>
      ) : null}
      {summary.notYetRead.length > 0 ? (
        <p>Not read so far: {summary.notYetRead.join(', ')}. The first sync after saving reads it.</p>
      ) : null}
      {commands.length > 0 ? (
        <CommandTable company={company} commands={commands} total={total(changes.commands)} />
      ) : null}
      {noLonger.length > 0 ? (
        <>
          <h3>No longer sent</h3>
          <CommandTable
            company={company}
            commands={noLonger}
            total={Object.values(summary.noLonger).reduce((sum, times) => sum + times, 0)}
          />
        </>
      ) : null}
    </div>
  );
};
