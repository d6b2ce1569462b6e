import type { CommandView, ReplayedEvent, ReplaySummary } from '@learnamp/directory-sync';
import { counted, printable, shortened } from './printable.js';
import { table } from './table.js';

const SUBJECTS = 3;

const subjectsOf = ({ subjects }: ReplayedEvent): string => {
  const more = subjects.length > SUBJECTS ? ` +${subjects.length - SUBJECTS}` : '';
  return `${subjects.slice(0, SUBJECTS).join(' ')}${more}`;
};

const line = (sign: string, { kind, subject, summary }: CommandView): string =>
  `${' '.repeat(8)}${sign} ${kind} ${subject}: ${summary}`;

/** One event, and below it what followed: `+` asked for from here on, `-` not any more, `>` sent. */
export const replayedLines = (event: ReplayedEvent, width: number | undefined): string => {
  const { revision, recordedAt, type, commands, fellAway, sent, erased } = event;
  const head = [
    revision.padStart(6),
    recordedAt,
    type.padEnd(24),
    subjectsOf(event),
    erased === true ? '[erased]' : '',
  ];
  const lines = [
    head.join('  '),
    ...commands.map((command) => line('+', command)),
    ...fellAway.map((command) => line('-', command)),
    ...sent.map((command) => line('>', command)),
  ];
  return lines
    .map((text) => printable(text).trimEnd())
    .map((text) => (width === undefined ? text : shortened(text, width)))
    .join('\n');
};

/** The events and what followed from them, counted. */
export const makeReplayCounts = () => {
  const events = new Map<string, number>();
  const kinds = new Map<string, { asked: number; away: number; sent: number }>();
  const at = (kind: string) => {
    const counts = kinds.get(kind) ?? { asked: 0, away: 0, sent: 0 };
    kinds.set(kind, counts);
    return counts;
  };
  return {
    take: ({ type, commands, fellAway, sent }: ReplayedEvent): void => {
      events.set(type, (events.get(type) ?? 0) + 1);
      for (const { kind } of commands) at(kind).asked += 1;
      for (const { kind } of fellAway) at(kind).away += 1;
      for (const { kind } of sent) at(kind).sent += 1;
    },
    tables: (): ReadonlyArray<string> => {
      const rows = [...events].sort(([, a], [, b]) => b - a).map(([type, count]) => [type, String(count)]);
      const commands = [...kinds].map(([kind, { asked, away, sent }]) => [
        kind,
        ...[asked, away, sent].map((count) => String(count)),
      ]);
      return [
        ...(rows.length === 0 ? [] : [`${table(['event', 'count'], rows)}\n`]),
        ...(commands.length === 0 ? [] : [`${table(['command', 'asked for', 'fell away', 'sent'], commands)}\n`]),
      ];
    },
  };
};

export const replaySummaryText = ({ events, head, people, stateDigest }: ReplaySummary): ReadonlyArray<string> => {
  if (head === null) return ['The log is empty: run "directory-sync sync".'];
  const end = ` up to revision ${head.revision} (hash ${head.hash.slice(0, 12)})`;
  return [
    `Replayed ${counted(events, 'event', 'events')}${end}: ${counted(people, 'person', 'people')}.`,
    `The state has the digest ${stateDigest}. Nothing was sent or written.`,
  ];
};
