import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { projectionsTable } from '../reports/projections-table.js';
import { rebuildText } from '../reports/rebuild-text.js';
import { openProgressBars } from './progress-bars.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'rebuild'>;

/** `rebuild --list`: where every projection stands. Exit 1 where one stopped at an event. */
const list = async ({ json }: Invocation, { connection, terminal, redact }: VerbContext): Promise<ExitCode> => {
  const views = await connection.projections();
  const text = json ? JSON.stringify(views) : projectionsTable(views, terminal.now());
  await writeLast(terminal.out, redact(`${text}\n`));
  return views.some(({ state }) => state === 'error') ? 1 : 0;
};

/** `rebuild`: new rows from the log, or with `--verify` a comparison. Exit 1 where a row differs. */
export const rebuild = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  if (invocation.list) return list(invocation, context);
  const { connection, terminal, style, redact } = context;
  const { projection, verify } = invocation;
  const bars = await openProgressBars(invocation.verbose ? undefined : terminal.progress);
  const report = await connection
    .rebuild({ projection, verify, onProgress: bars.show, signal: terminal.stopSignal() })
    .finally(bars.stop);
  const text = invocation.json ? JSON.stringify(report) : rebuildText(invocation, report, style);
  await writeLast(terminal.out, redact(`${text}\n`));
  return (report.differences ?? 0) > 0 ? 1 : 0;
};
