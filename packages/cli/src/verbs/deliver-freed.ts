import type { SyncReport } from '@learnamp/directory-sync';
import { writeLast } from '../command-line/output.js';
import { printable } from '../reports/printable.js';
import { syncReportText } from '../reports/sync-report-text.js';
import { beforeSync } from './before-sync.js';
import { failedReport } from './sync-document.js';
import type { ExitCode, VerbContext } from './verb-context.js';

/** One cycle for what somebody freed; where an engine runs the connection, it is asked. A paused one delivers when it goes on. */
export const deliverFreed = async (context: VerbContext): Promise<SyncReport> => {
  const { connection, connectionId, terminal, patienceMs } = context;
  const before = await beforeSync(connection);
  if (before._tag === 'Paused') {
    const now = terminal.now();
    return failedReport({ connectionId, full: false, startedAt: now, finishedAt: now }, 'stopped', before.why);
  }
  return connection.sync({ photos: false, actor: terminal.actor, signal: terminal.stopSignal(), patienceMs });
};

/** What was decided, and what was delivered of it. */
export const printFreed = async (
  context: VerbContext,
  told: { readonly json: boolean; readonly verbose: boolean; readonly document: object; readonly text: string },
  report: SyncReport | undefined,
): Promise<ExitCode> => {
  const { terminal, style, redact } = context;
  if (report?.error !== undefined) await writeLast(terminal.err, redact(`${printable(report.error.message)}\n`));
  const delivered = report === undefined || !report.ok ? '' : `\n${syncReportText(report, style, told.verbose)}`;
  const text = told.json
    ? JSON.stringify({ ...told.document, sync: report ?? null })
    : `${told.text}${delivered}`.replace(/\n+$/, '');
  await writeLast(terminal.out, redact(`${text}\n`));
  return report?.exitCode ?? 0;
};
