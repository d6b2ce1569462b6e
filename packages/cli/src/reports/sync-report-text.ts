import type { Attention, AttentionKind, CommandCounts, Preview, SyncReport } from '@learnamp/directory-sync';
import { attentionWords } from './attention-words.js';
import { commandKinds, doneInWords, toDoInWords } from './command-words.js';
import { changesInWords, recorded } from './event-words.js';
import { counted, duration, printable } from './printable.js';
import type { Style } from './style.js';
import { notesText } from './notes-text.js';
import { table } from './table.js';

const ROWS = 20;

const commandsWith = (
  report: SyncReport,
  field: keyof CommandCounts,
  say: (kind: (typeof commandKinds)[number], count: number) => string,
): ReadonlyArray<string> =>
  commandKinds.flatMap((kind) => {
    const count = report.commands[kind]?.[field] ?? 0;
    return count === 0 ? [] : [say(kind, count)];
  });

const orElse = (items: ReadonlyArray<string>, nothing: string): string =>
  items.length === 0 ? nothing : `${items.join(', ')}.`;

/** Only a cycle that ended, and left nobody behind, may say that all is well. */
const nothingToSend = (report: SyncReport): string =>
  report.exitCode === 0 && commandsWith(report, 'deferred', toDoInWords).length === 0
    ? 'nothing; Learn Amp is as it should be.'
    : 'nothing.';

const line = (style: Style, name: string, text: string): string => `${style.strong(name.padEnd(10))} ${text}`;

const readAndChanged = (report: SyncReport, style: Style): ReadonlyArray<string> => {
  const { graph, learnAmp } = report.requests;
  return [
    line(
      style,
      'Read',
      `${counted(graph, 'request', 'requests')} to Microsoft Graph, ${counted(learnAmp, 'request', 'requests')} to Learn Amp.`,
    ),
    line(
      style,
      'Changed',
      orElse(changesInWords(report.events), report.ok ? 'nothing in the directory.' : 'nothing was recorded.'),
    ),
  ];
};

/** What was, or would be, left for later, and why. */
const waiting = (report: SyncReport, style: Style): ReadonlyArray<string> => {
  const deferred = commandsWith(report, 'deferred', toDoInWords);
  const held = commandsWith(report, 'held', toDoInWords);
  const unsupported = commandsWith(report, 'unsupported', toDoInWords);
  return [
    ...(deferred.length === 0
      ? []
      : [line(style, 'Deferred', `until another account is there: ${deferred.join(', ')}.`)]),
    ...(held.length === 0 ? [] : [line(style, 'Waiting', style.warning(`for approval: ${held.join(', ')}.`))]),
    ...(unsupported.length === 0
      ? []
      : [line(style, 'Left out', `not possible over Learn Amp's REST API: ${unsupported.join(', ')}.`)]),
  ];
};

const outcome = (report: SyncReport, style: Style): ReadonlyArray<string> => {
  const refused = commandsWith(report, 'rejected', toDoInWords);
  return [
    line(style, 'Sent', orElse(commandsWith(report, 'succeeded', doneInWords), nothingToSend(report))),
    ...(refused.length === 0 ? [] : [line(style, 'Refused', style.bad(`by Learn Amp: ${refused.join(', ')}.`))]),
    ...waiting(report, style),
  ];
};

const people = ({ people: { inScope, linked, held, parked } }: SyncReport, style: Style, name: string): string => {
  const others = [...(held === 0 ? [] : [`${held} held`]), ...(parked === 0 ? [] : [`${parked} parked`])];
  return line(
    style,
    name,
    `${[`${counted(inScope, 'person', 'people')} in scope`, `${linked} with a Learn Amp account`, ...others].join(', ')}.`,
  );
};

/** Who needs a person, and what that person does next: each advice once. */
export const attentionText = (attention: ReadonlyArray<Attention>, style: Style): string => {
  if (attention.length === 0) return '';
  const rows = attention.slice(0, ROWS).map(({ userId, kind, reason }) => [userId, attentionWords[kind].what, reason]);
  const more = attention.length - rows.length;
  const kinds = new Set<AttentionKind>(attention.map(({ kind }) => kind));
  return [
    '',
    style.strong('Needs attention'),
    table(['person', 'what', 'why'], rows),
    ...(more === 0 ? [] : [`and ${counted(more, 'more', 'more')}; --json lists all.`]),
    '',
    style.strong('What to do'),
    ...[...kinds].map((kind) => `- ${attentionWords[kind].next}`),
    '- "directory-sync people --user ID" shows one person, "directory-sync events --user ID" what happened.',
    '',
  ].join('\n');
};

const firstLine = (report: SyncReport, style: Style): string => {
  const name = printable(report.connectionId);
  const time = duration(report.durationMs);
  if (!report.ok) return style.bad(`The sync of ${name} did not complete (${time}).`);
  const full = report.trigger === 'full' ? ' from the beginning' : '';
  return style.good(`Synced ${name}${full} in ${time}.`);
};

const recordedLine = (report: SyncReport, style: Style): ReadonlyArray<string> => {
  const events = recorded(report.events);
  return events === 0 ? [] : [line(style, 'Recorded', `${counted(events, 'event', 'events')} in the log.`)];
};

/** Whether a cycle that did not complete got far enough for more than its one sentence. */
export const gotSomewhere = (report: SyncReport): boolean =>
  changesInWords(report.events).length > 0 || commandsWith(report, 'succeeded', doneInWords).length > 0;

/** The first screen after a sync. */
export const syncReportText = (report: SyncReport, style: Style, verbose = false): string =>
  [
    firstLine(report, style),
    ...readAndChanged(report, style),
    ...recordedLine(report, style),
    ...outcome(report, style),
    people(report, style, 'People'),
    ...notesText(report.notes ?? [], style, verbose),
    attentionText(report.attention, style),
  ].join('\n');

/** What is planned and neither waits for approval nor for another account. */
const wouldSend = (report: SyncReport): ReadonlyArray<string> =>
  commandKinds.flatMap((kind) => {
    const counts = report.commands[kind];
    const count = counts === undefined ? 0 : Math.max(0, counts.planned - counts.held - counts.deferred);
    return count === 0 ? [] : [toDoInWords(kind, count)];
  });

const plan = (report: SyncReport, style: Style): ReadonlyArray<string> => [
  line(style, 'Would send', orElse(wouldSend(report), nothingToSend(report))),
  ...waiting(report, style),
];

/** Shown where a sync would change it. */
const afterwards = ({ report, expected }: DryRun, style: Style): ReadonlyArray<string> =>
  report.ok ? [people({ ...report, people: expected.people }, style, 'Afterwards')] : [];

type DryRun = Pick<Preview, 'report' | 'expected'>;

/** The same for a dry run, in the conditional. */
export const dryRunText = ({ report, expected }: DryRun, style: Style, verbose = false): string =>
  [
    report.ok
      ? style.good(
          `Dry run of ${printable(report.connectionId)} in ${duration(report.durationMs)}: nothing was written or sent.`,
        )
      : style.bad(`The dry run of ${printable(report.connectionId)} did not complete: nothing was written or sent.`),
    ...readAndChanged({ ...report, events: expected.events }, style),
    ...plan(report, style),
    people(report, style, 'Now'),
    ...afterwards({ report, expected }, style),
    ...notesText(report.notes ?? [], style, verbose),
    attentionText(report.attention, style),
  ].join('\n');
