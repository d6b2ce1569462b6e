import type { DirectorySync, RebuildReport } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { counted, duration, printable } from '../reports/printable.js';
import type { Style } from '../reports/style.js';
import { openProgressBars } from './progress-bars.js';
import type { ExitCode, VerbContext } from './verb-context.js';

type Invocation = InvocationOf<'rebuild'>;

/** Rows so broken that no status can be told are what a rebuild is for: only an engine that tells of itself refuses it. */
const isRunning = (connection: DirectorySync): Promise<boolean> =>
  connection.status().then(
    ({ live }) => live.running,
    () => false,
  );

const sentences = ({ projection, verify }: Invocation, report: RebuildReport, style: Style): string => {
  const what = projection === undefined ? 'the projections' : `the projection ${projection}`;
  const end =
    report.head === null
      ? 'the log is empty'
      : `up to revision ${report.head.revision} (hash ${report.head.hash.slice(0, 12)})`;
  const folded = `${counted(report.events, 'event', 'events')} folded in ${duration(report.durationMs)}, ${end}`;
  const digest = `The state has the digest ${report.stateDigest}.`;
  if (!verify) return `${style.good(`Rebuilt ${what}`)}: ${folded}. ${digest}`;
  const { differences = 0 } = report;
  return differences === 0
    ? `${style.good(`Verified ${what}`)}: ${folded}, no row differs. ${digest}`
    : `${style.bad(counted(differences, 'row differs', 'rows differ'))} in ${what}: ${folded}. ${digest} "directory-sync rebuild" puts it right.`;
};

/** `rebuild`: new rows from the log, or with `--verify` a comparison. Exit 1 where a row differs. */
export const rebuild = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const { connection, connectionId, terminal, style, redact } = context;
  const { projection, verify } = invocation;
  if (!verify && (await isRunning(connection))) {
    const why = `An engine runs ${printable(connectionId)}: stop it first, or compare with "directory-sync rebuild --verify".`;
    await writeLast(terminal.err, `${why}\n`);
    return 1;
  }
  const bars = await openProgressBars(invocation.verbose ? undefined : terminal.progress);
  const report = await connection
    .rebuild({ projection, verify, onProgress: bars.show, signal: terminal.stopSignal() })
    .finally(bars.stop);
  const text = invocation.json ? JSON.stringify(report) : sentences(invocation, report, style);
  await writeLast(terminal.out, redact(`${text}\n`));
  return (report.differences ?? 0) > 0 ? 1 : 0;
};
