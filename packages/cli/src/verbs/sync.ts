import type { Preview, SyncOptions, SyncReport } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { previewTable } from '../reports/preview-table.js';
import { printable } from '../reports/printable.js';
import { dryRunText, gotSomewhere, syncReportText } from '../reports/sync-report-text.js';
import { beforeSync, type BeforeSync } from './before-sync.js';
import { confirmFirstSync } from './confirm-first-sync.js';
import { failedReport, syncDocument } from './sync-document.js';
import { openProgressBars } from './progress-bars.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'sync'>;

const common = (invocation: Invocation, signal: AbortSignal, onProgress: SyncOptions['onProgress']) => ({
  full: invocation.full,
  photos: invocation.photos,
  signal,
  onProgress,
});

/** Ctrl+C at the question is no "no": the person stopped the sync. */
const stoppedAtTheQuestion = (report: SyncReport, signal: AbortSignal): SyncReport =>
  report.error?.code === 'declined' && signal.aborted
    ? { ...report, error: { code: 'stopped', message: 'The sync was stopped; the next one continues where it ended.' } }
    : report;

type Done = {
  readonly report: SyncReport;
  /** Of a dry run: what would be sent. */
  readonly preview?: Pick<Preview, 'totals' | 'commands'> | undefined;
  readonly text: () => string;
};

const run = async (invocation: Invocation, context: VerbContext): Promise<Done> => {
  const { connection, terminal, style } = context;
  const signal = terminal.stopSignal();
  // Log lines and a line that is drawn over would tear each other apart.
  const bars = await openProgressBars(invocation.verbose ? undefined : terminal.progress);
  const options = common(invocation, signal, bars.show);
  try {
    if (invocation.dryRun) {
      const { report, expected, commands, totals } = await connection.preview(options);
      return {
        report,
        preview: { totals, commands },
        text: () => `${dryRunText({ report, expected }, style, invocation.verbose)}\n${previewTable(commands)}`,
      };
    }
    const ask = confirmFirstSync(terminal, style, signal);
    const report = await connection.sync({
      ...options,
      actor: terminal.actor,
      patienceMs: context.patienceMs,
      ...(terminal.interactive && !invocation.yes
        ? {
            confirmFirstSync: (counts) => {
              bars.stop();
              return ask(counts);
            },
          }
        : {}),
    });
    const told = stoppedAtTheQuestion(report, signal);
    return { report: told, text: () => `${syncReportText(told, style, invocation.verbose)}\n` };
  } finally {
    bars.stop();
  }
};

const print = async (invocation: Invocation, context: VerbContext, { report, preview, text }: Done): Promise<void> => {
  const { terminal, redact } = context;
  if (report.error !== undefined) await writeLast(terminal.err, redact(`${printable(report.error.message)}\n`));
  if (invocation.json) return writeLast(terminal.out, redact(syncDocument(report, preview)));
  if (!report.ok && !gotSomewhere(report)) return;
  await writeLast(terminal.out, redact(text().replace(/\n{2,}$/, '\n')));
};

/** A paused connection is not synced, and the one who asks hears who paused it. */
const paused = (invocation: Invocation, { connectionId, terminal }: VerbContext, why: string): Done => {
  const now = terminal.now();
  const attempt = { connectionId, full: invocation.full, startedAt: now, finishedAt: now };
  return { report: failedReport(attempt, 'stopped', why), text: () => '' };
};

/** `sync` and `sync --dry-run`. The exit code is the report's. */
export const sync = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const before: BeforeSync = invocation.dryRun ? { _tag: 'Free' } : await beforeSync(context.connection);
  if (before._tag === 'Paused') {
    await print(invocation, context, paused(invocation, context, before.why));
    return 1;
  }
  if (before._tag === 'EngineRuns')
    await writeLast(
      context.terminal.err,
      'An engine runs this connection: it was asked, and its cycle is waited for.\n',
    );
  const done = await run(invocation, context);
  await print(invocation, context, done);
  return done.report.exitCode;
};
