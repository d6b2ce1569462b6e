import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { printable } from '../reports/printable.js';
import { reconcileText } from '../reports/reconcile-text.js';
import { beforeSync } from './before-sync.js';
import { openProgressBars } from './progress-bars.js';
import type { ExitCode, VerbContext } from './verb-context.js';

/** `reconcile`. The exit code is that of the cycle, as for `sync`. */
export const reconcile = async (invocation: InvocationOf<'reconcile'>, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, style, redact, patienceMs } = context;
  const before = await beforeSync(connection);
  if (before._tag === 'Paused') {
    await writeLast(terminal.err, redact(`${before.why}\n`));
    return 1;
  }
  if (before._tag === 'EngineRuns')
    await writeLast(terminal.err, 'An engine runs this connection: it was asked, and its cycle is waited for.\n');
  const bars = await openProgressBars(invocation.verbose ? undefined : terminal.progress);
  try {
    const reconciled = await connection.reconcile({
      actor: invocation.by ?? terminal.actor,
      signal: terminal.stopSignal(),
      onProgress: bars.show,
      patienceMs,
    });
    bars.stop();
    const { error, exitCode } = reconciled.report;
    if (error !== undefined) await writeLast(terminal.err, redact(`${printable(error.message)}\n`));
    const text = invocation.json
      ? `${JSON.stringify(reconciled)}\n`
      : reconcileText(reconciled, style, invocation.verbose).replace(/\n*$/, '\n');
    if (text !== '\n') await writeLast(terminal.out, redact(text));
    return exitCode;
  } finally {
    bars.stop();
  }
};
