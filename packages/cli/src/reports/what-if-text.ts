import type { NoLongerSent, WhatIfCommand, WhatIfSummary } from '@learnamp/directory-sync';
import { heldBecause } from '@learnamp/directory-sync/words';
import { commandKinds, toDoInWords } from './command-words.js';
import { counted, shortened } from './printable.js';
import { table } from './table.js';

const ROWS = 1000;

type Told = WhatIfCommand | NoLongerSent;

const standingOf = (step: Told): string => {
  if (step._tag === 'NoLonger') return 'no longer sent';
  if (step.held !== null) return `waits for approval: ${heldBecause(step.held)}`;
  return step.anyway ? 'sent anyway' : '';
};

const row = (step: Told): ReadonlyArray<string> => [
  step.kind,
  shortened(step.displayName ?? step.subject, 40),
  shortened(step.summary, 100),
  standingOf(step),
];

const asList = (parts: ReadonlyArray<string>): string => (parts.length === 0 ? 'nothing' : parts.join(', '));

/** Keeps the rows of one table while they come, as many as somebody reads; then the counts in words. */
export const makeWhatIfText = () => {
  const rows: ReadonlyArray<string>[] = [];
  let more = 0;
  return {
    take: (step: Told): void => {
      if (rows.length < ROWS) rows.push(row(step));
      else more += 1;
    },
    end: ({ head, commands, people, noLonger, notYetRead }: WhatIfSummary): ReadonlyArray<string> => {
      if (head === null) return ['The log is empty: run "directory-sync sync --dry-run".'];
      const counts = (field: 'sent' | 'held') =>
        commandKinds.flatMap((kind) => {
          const count = commands[kind]?.[field] ?? 0;
          return count === 0 ? [] : [toDoInWords(kind, count)];
        });
      const gone = commandKinds.flatMap((kind) => {
        const count = noLonger[kind] ?? 0;
        return count === 0 ? [] : [toDoInWords(kind, count)];
      });
      const held = counts('held');
      return [
        ...(rows.length === 0 ? [] : [`${table(['command', 'for', 'what', ''], rows)}\n`]),
        ...(more === 0 ? [] : [`and ${counted(more, 'more', 'more')}.`]),
        `These preferences would send, for ${counted(people, 'person', 'people')}: ${asList(counts('sent'))}.`,
        ...(held.length === 0 ? [] : [`Waiting for approval: ${held.join(', ')}.`]),
        ...(gone.length === 0 ? [] : [`No longer sent: ${gone.join(', ')}.`]),
        ...(notYetRead.length === 0
          ? []
          : [`Not known yet, and left alone here: ${notYetRead.join(', ')}. The first sync after saving reads them.`]),
        `As of revision ${head.revision}. Nothing was sent or written.`,
      ];
    },
  };
};
