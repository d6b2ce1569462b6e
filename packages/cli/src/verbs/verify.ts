import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { verifyText } from '../reports/verify-text.js';
import { openProgressBars } from './progress-bars.js';
import { readKeptHead } from './read-kept-head.js';
import type { ExitCode, VerbContext } from './verb-context.js';

/** `verify`: the whole log against itself, and the rows against the log. Exit 1 where something is not as it should be. */
export const verify = async (invocation: InvocationOf<'verify'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, style, redact } = context;
  const head = invocation.head === undefined ? undefined : await readKeptHead(terminal.folder, invocation.head);
  const bars = await openProgressBars(invocation.verbose ? undefined : terminal.progress);
  const report = await connection
    .verify({ head, onProgress: bars.show, signal: terminal.stopSignal() })
    .finally(bars.stop);
  const text = invocation.json ? JSON.stringify(report) : verifyText(report, style);
  await writeLast(terminal.out, redact(`${text}\n`));
  return report.ok ? 0 : 1;
};
