import type { Difference, ReconcileReport } from '@learnamp/directory-sync';
import { counted, printable } from './printable.js';
import type { Style } from './style.js';
import { gotSomewhere, syncReportText } from './sync-report-text.js';
import { table } from './table.js';

const ROWS = 50;

const outcomes: Readonly<Record<Difference['outcome'], string>> = {
  'put-right': 'put right',
  held: 'waits for approval',
  parked: 'waits for a person',
  waits: 'comes with a later sync',
};

/** In how many accounts each field differed, the most frequent first. */
const byField = (differences: ReadonlyArray<Difference>): string => {
  const counts = new Map<string, number>();
  for (const { fields } of differences) for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts]
    .sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    .map(([field, count]) => `${printable(field)} ${count}`)
    .join(', ');
};

const byOutcome = (differences: ReadonlyArray<Difference>): string =>
  (Object.keys(outcomes) as ReadonlyArray<Difference['outcome']>)
    .flatMap((outcome) => {
      const count = differences.filter((each) => each.outcome === outcome).length;
      return count === 0 ? [] : [`${count} ${outcomes[outcome]}`];
    })
    .join(', ');

const lookedAt = ({ looked }: ReconcileReport): string =>
  looked === null
    ? 'The engine that runs this connection looked at every account.'
    : `Looked at ${counted(looked.accounts, 'account', 'accounts')} at Learn Amp, and compared ${counted(looked.compared, 'person', 'people')}.`;

/** What was looked at, what differed, what was put right; people by their ids. */
export const reconcileText = (reconciled: ReconcileReport, style: Style, verbose = false): string => {
  const { report, differences } = reconciled;
  if (!report.ok) return gotSomewhere(report) ? syncReportText(report, style, verbose) : '';
  const rows = differences
    .slice(0, ROWS)
    .map(({ userId, fields, outcome }) => [userId, fields.map(printable).join(', '), outcomes[outcome]]);
  const more = differences.length - rows.length;
  return [
    style.strong(lookedAt(reconciled)),
    ...(differences.length === 0
      ? ['Nothing was changed by hand in what this connection owns.']
      : [
          `${counted(differences.length, 'person differs', 'people differ')}: ${byField(differences)}.`,
          `Of them ${byOutcome(differences)}.`,
          '',
          table(['person', 'changed at Learn Amp', 'now'], rows),
          ...(more === 0 ? [] : [`and ${counted(more, 'more', 'more')}; --json lists all.`]),
        ]),
    '',
    syncReportText(report, style, verbose),
  ].join('\n');
};
