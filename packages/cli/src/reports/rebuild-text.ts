import type { RebuildReport, RowDifference } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { counted, duration } from './printable.js';
import type { Style } from './style.js';
import { table } from './table.js';

type Asked = Pick<InvocationOf<'rebuild'>, 'projection' | 'verify'>;

const start = (digest: string | null): string => (digest === null ? '-' : digest.slice(0, 12));

/** Rows by key, what both sides come to, and where they differ. */
const differencesTable = (first: ReadonlyArray<RowDifference>): string =>
  table(
    ['projection', 'key', 'expected', 'found', 'differs in'],
    first.map(({ projection, key, expected, found, paths }) => [
      projection,
      key ?? '(all rows)',
      start(expected),
      start(found),
      paths.length === 0 ? '(the row)' : paths.join(', '),
    ]),
  );

const told = ({ events, head, durationMs, eventsPerSecond }: RebuildReport): string => {
  const rate = eventsPerSecond === undefined ? '' : ` (${counted(eventsPerSecond, 'event', 'events')} a second)`;
  const end = head === null ? 'the log is empty' : `up to revision ${head.revision} (hash ${head.hash.slice(0, 12)})`;
  return `${counted(events, 'event', 'events')} folded in ${duration(durationMs)}${rate}, ${end}`;
};

const verified = (what: string, report: RebuildReport, style: Style): string => {
  const { differences = 0, first = [] } = report;
  const digest = `The state has the digest ${report.stateDigest}.`;
  if (differences === 0) return `${style.good(`Verified ${what}`)}: ${told(report)}, no row differs. ${digest}`;
  const found = style.bad(counted(differences, 'row differs', 'rows differ'));
  const more = differences - first.length;
  return [
    `${found} in ${what}: ${told(report)}. ${digest} "directory-sync rebuild" puts it right.`,
    '',
    differencesTable(first),
    ...(more > 0 ? [`and ${counted(more, 'more', 'more')}`] : []),
  ].join('\n');
};

/** What a rebuild did, or a comparison found, in sentences. */
export const rebuildText = ({ projection, verify }: Asked, report: RebuildReport, style: Style): string => {
  const what = projection === undefined ? 'the projections' : `the projection ${projection}`;
  if (verify) return verified(what, report, style);
  const from = report.resumedFrom;
  const resumed = from === undefined ? '' : ` It went on from revision ${from}, where an earlier rebuild had ended.`;
  const widened =
    projection !== undefined && report.replaced === 'all'
      ? ' Rows could not be read or found where they should be, so all projections were replaced.'
      : '';
  const digest = `The state has the digest ${report.stateDigest}.`;
  return `${style.good(`Rebuilt ${what}`)}: ${told(report)}.${resumed}${widened} ${digest}`;
};
