import type { VerifyCheck, VerifyFinding, VerifyReport } from '@learnamp/directory-sync';
import { counted, duration, printable } from './printable.js';
import type { Style } from './style.js';
import { table } from './table.js';

const names: Readonly<Record<VerifyCheck['name'], string>> = {
  chain: 'chain',
  records: 'seals and data',
  commands: 'commands derived again',
  receipts: 'receipts',
  invariants: 'what never happens',
  projections: 'rows against the log',
  access: 'who looked',
  head: 'head kept elsewhere',
};

const place = ({ revision, type }: VerifyFinding): string => {
  if (revision === null) return '';
  return type === null ? `revision ${revision}: ` : `revision ${revision}, ${type}: `;
};

const standing = ({ differences, incomplete }: VerifyCheck): string => {
  if (differences > 0) return counted(differences, 'difference', 'differences');
  return incomplete === undefined ? 'ok' : 'not to the end';
};

const row = (check: VerifyCheck): ReadonlyArray<string> => [
  names[check.name],
  check.checked.toLocaleString('en'),
  standing(check),
  Object.entries(check.counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', '),
];

const details = (check: VerifyCheck, style: Style): ReadonlyArray<string> => {
  const { first, differences, incomplete } = check;
  const more = differences - first.length;
  return [
    ...first.map((finding) => style.bad(`${names[check.name]}: ${printable(`${place(finding)}${finding.what}`)}`)),
    ...(more > 0 ? [style.bad(`${names[check.name]}: and ${more} more.`)] : []),
    ...(incomplete === undefined ? [] : [style.warning(`${names[check.name]}: ${incomplete}`)]),
  ];
};

const rate = ({ events, durationMs }: VerifyReport): string =>
  durationMs > 0 ? ` (${counted(Math.round(events / (durationMs / 1_000)), 'event', 'events')} a second)` : '';

/** A line a check, then what was found. */
export const verifyText = (report: VerifyReport, style: Style): string => {
  const { events, head, checks, ok, durationMs } = report;
  const end = head === null ? 'the log is empty' : `up to revision ${head.revision} (hash ${head.hash.slice(0, 12)})`;
  const read = `${counted(events, 'event', 'events')} in ${duration(durationMs)}${rate(report)}, ${end}`;
  const rows = table(['check', 'looked at', 'found', ''], checks.map(row));
  const verdict = ok ? style.good('Verified') : style.bad('Not as it should be');
  return [rows, ...checks.flatMap((check) => details(check, style)), `${verdict}: ${read}.`].join('\n');
};
