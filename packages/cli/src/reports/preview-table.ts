import type { PreviewedCommand } from '@learnamp/directory-sync';
import { counted, shortened } from './printable.js';
import { table } from './table.js';

const ROWS = 1000;

/** What a sync would send, command by command. */
export const previewTable = (commands: ReadonlyArray<PreviewedCommand>): string => {
  if (commands.length === 0) return '';
  const rows = commands
    .slice(0, ROWS)
    .map(({ kind, userId, displayName, held, summary }) => [
      kind,
      shortened(displayName ?? userId ?? '', 40),
      shortened(summary, 100),
      held ? 'waits for approval' : '',
    ]);
  const more = commands.length - rows.length;
  return [
    table(['command', 'for', 'what', ''], rows),
    ...(more === 0 ? [] : [`and ${counted(more, 'more', 'more')}.`]),
    '',
  ].join('\n');
};
