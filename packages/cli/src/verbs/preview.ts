import type { Preview } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { previewTable, previewTotalsText } from '../reports/preview-table.js';
import { printable } from '../reports/printable.js';
import { dryRunText } from '../reports/sync-report-text.js';
import { openProgressBars } from './progress-bars.js';
import { withoutNames } from './sync-document.js';
import type { ExitCode, VerbContext } from './verb-context.js';

const documentOf = ({ report, expected, totals, commands }: Preview, names: boolean): string =>
  `${JSON.stringify({ report, expected, totals, commands: names ? commands : commands.map(withoutNames) })}\n`;

/** `preview`: what `sync` would send. The exit code is the one that the sync would end with. */
export const preview = async (invocation: InvocationOf<'preview'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, style, redact } = context;
  const { full, photos, names, verbose } = invocation;
  const bars = await openProgressBars(verbose ? undefined : terminal.progress);
  try {
    const made = await connection.preview({ full, photos, signal: terminal.stopSignal(), onProgress: bars.show });
    bars.stop();
    const { report, totals, commands } = made;
    if (report.error !== undefined) await writeLast(terminal.err, redact(`${printable(report.error.message)}\n`));
    const text = invocation.json
      ? documentOf(made, names)
      : [dryRunText(made, style, verbose), previewTotalsText(totals, style), previewTable(commands, names)].join('\n');
    await writeLast(terminal.out, redact(text.replace(/\n{2,}$/, '\n')));
    return report.exitCode;
  } finally {
    bars.stop();
  }
};
