import type { CommandTotals, HistoryDay, HistoryEnd, HistoryTotals } from '@learnamp/directory-sync';
import { commandKinds, toDoInWords } from './command-words.js';
import { counted } from './printable.js';
import { table } from './table.js';

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((all, count) => all + count, 0);

const over = ({ commands }: HistoryTotals, field: keyof CommandTotals): string =>
  String(sum(Object.values(commands).map((counts) => counts[field])));

export const dayTable = (days: ReadonlyArray<HistoryDay>): string =>
  table(
    ['day', 'events', 'joined', 'left', 'rejoined', 'sent', 'succeeded', 'rejected', 'held'],
    days.map((day) => [
      day.day,
      String(sum(Object.values(day.events))),
      ...[day.people.joined, day.people.left, day.people.rejoined].map(String),
      ...(['dispatched', 'succeeded', 'rejected', 'held'] as const).map((field) => over(day, field)),
    ]),
  );

const fields = [
  ['dispatched', 'sent'],
  ['succeeded', 'succeeded'],
  ['rejected', 'rejected'],
  ['deferred', 'deferred'],
  ['parked', 'parked'],
  ['held', 'held'],
  ['approved', 'approved'],
  ['refused', 'refused'],
] as const;

const commandTable = ({ commands }: HistoryTotals): ReadonlyArray<string> => {
  const rows = commandKinds.flatMap((kind) => {
    const counts = commands[kind];
    return counts === undefined ? [] : [[kind, ...fields.map(([field]) => String(counts[field]))]];
  });
  return rows.length === 0 ? [] : [`${table(['command', ...fields.map(([, name]) => name)], rows)}\n`];
};

const standingText = ({ standing }: HistoryEnd): ReadonlyArray<string> => {
  const { inScope, linked, waiting, held, parked, deferred, rejected, conflicts, unanswered, open } = standing;
  const parts = [
    [held.deactivations, 'deactivation held', 'deactivations held'],
    [held.creations, 'creation held', 'creations held'],
    [parked, 'person parked', 'people parked'],
    [deferred, 'person waiting for somebody else', 'people waiting for somebody else'],
    [rejected, 'person with a refused command', 'people with a refused command'],
    [conflicts, 'identity conflict', 'identity conflicts'],
    [unanswered, 'person with a command without an answer', 'people with a command without an answer'],
  ] as const;
  const left = parts.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)]));
  const toDo = commandKinds.flatMap((kind) => {
    const count = open[kind] ?? 0;
    return count === 0 ? [] : [toDoInWords(kind, count)];
  });
  return [
    `At the end: ${counted(inScope, 'person', 'people')} in the group, ${linked} with an account, ${waiting} without one yet.`,
    left.length === 0 ? 'Nothing is left standing.' : `Left standing: ${left.join(', ')}.`,
    ...(toDo.length === 0 ? [] : [`Still asked for: ${toDo.join(', ')}.`]),
  ];
};

export const historyEndText = (end: HistoryEnd): ReadonlyArray<string> => {
  const { from, to, cycles, people, events, erased } = end;
  if (from === null || to === null) return ['The log is empty: run "directory-sync sync".'];
  return [
    ...commandTable(end),
    `${counted(sum(Object.values(events)), 'event', 'events')} from ${from.recordedAt} to ${to.recordedAt} (revision ${to.revision}): ${counted(cycles.started, 'cycle', 'cycles')} with something to record, ${cycles.completed} completed.`,
    `${counted(people.joined, 'person', 'people')} joined, ${people.left} left, ${people.rejoined} came back.`,
    ...(erased === 0
      ? []
      : [`${counted(erased, 'event', 'events')} of erased people: what they were about cannot be told.`]),
    ...standingText(end),
    `The state has the digest ${end.stateDigest}. Nothing was sent or written.`,
  ];
};
