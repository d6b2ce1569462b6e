import type { PreviewedCommand, PreviewTotals } from '@learnamp/directory-sync';
import { counted, shortened } from './printable.js';
import type { Style } from './style.js';
import { table } from './table.js';

const ROWS = 1000;

const changedFields = ({ before, after }: PreviewedCommand): ReadonlyArray<string> => [
  ...new Set([...Object.keys(before), ...Object.keys(after)]),
];

/** With names: who it is and what would be written; without: an id, and the names of the fields. */
const row = (command: PreviewedCommand, names: boolean): ReadonlyArray<string> => {
  const { kind, userId, displayName, summary, reason, risk, held } = command;
  const who = userId === undefined ? '' : names ? (displayName ?? userId) : userId;
  const what = names ? summary : changedFields(command).join(', ');
  return [kind, shortened(who, 40), shortened(what, 100), reason, risk, held ? 'waits for approval' : ''];
};

/** What a sync would send, command by command, and how to see what does not fit. */
export const previewTable = (commands: ReadonlyArray<PreviewedCommand>, names = false): string => {
  if (commands.length === 0) return '';
  const rows = commands.slice(0, ROWS).map((command) => row(command, names));
  const more = commands.length - rows.length;
  return [
    table(['command', 'for', 'what', 'why', 'risk', ''], rows),
    ...(more === 0
      ? []
      : [`and ${counted(more, 'more', 'more')}: "directory-sync preview${names ? ' --names' : ''} --json" lists all.`]),
    '',
  ].join('\n');
};

const inOrder = (counts: Readonly<Partial<Record<string, number>>>): string =>
  Object.entries(counts)
    .flatMap(([name, count]) => (count === undefined ? [] : [{ name, count }]))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ');

const protectedPeople = ({ owners, admins }: PreviewTotals): string =>
  [
    ...(owners === 0 ? [] : [counted(owners, 'owner', 'owners')]),
    ...(admins === 0 ? [] : [counted(admins, 'admin', 'admins')]),
  ].join(' and ');

/** Counts by kind, by reason and by risk, and whether owners or admins are among those who would be deactivated. */
export const previewTotalsText = (totals: PreviewTotals, style: Style): string => {
  const { send, held, byKind, byReason, byRisk } = totals;
  const among = protectedPeople(totals);
  const lines: ReadonlyArray<readonly [string, string]> = [
    ['Commands', `${counted(send, 'command', 'commands')} to send, ${held} held for approval.`],
    ...(send === 0
      ? []
      : [
          ['By kind', `${inOrder(byKind)}.`] as const,
          ['By reason', `${inOrder(byReason)}.`] as const,
          ['By risk', `${inOrder(byRisk)}.`] as const,
        ]),
    ...(among === ''
      ? []
      : [['Protected', `${among} among the deactivations: each waits for a person by name.`] as const]),
  ];
  return `${lines.map(([name, text]) => `${style.strong(name.padEnd(10))} ${text}`).join('\n')}\n`;
};
