import type { PersonSync } from '@learnamp/directory-sync';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { attentionText } from './sync-report-text.js';
import { commandLines, eventLine, section, stepLine } from './why-text.js';

/** One person's sync, for people: what it came to, then the trace in the order it happened. */
export const personSyncText = (sync: PersonSync, style: Style): string => {
  const { userId, conclusion, steps, events, commands, report } = sync;
  const asked = steps.map((step) => stepLine(step, style));
  const sent = commands.flatMap((command) => commandLines(command, style));
  const lines = [
    style.strong(printable(conclusion)),
    '',
    `Person    ${userId}`,
    ...section('Asked', asked, style),
    ...section('Recorded', events.map(eventLine), style),
    ...section('Sent', sent, style),
  ];
  return `${lines.join('\n')}\n${attentionText(report.attention, style)}`;
};
