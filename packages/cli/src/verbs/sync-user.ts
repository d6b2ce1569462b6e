import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import { personSyncText } from '../reports/person-sync-text.js';
import { printable } from '../reports/printable.js';
import { beforeSync } from './before-sync.js';
import { resolveUser } from './resolve-users.js';
import { failedReport, personDocument, syncDocument } from './sync-document.js';
import { type ExitCode, type VerbContext, WrongUse } from './verb-context.js';

type Invocation = InvocationOf<'sync'> & { readonly user: string };

/** A paused connection is not synced for one person either. */
const paused = async (invocation: Invocation, context: VerbContext, why: string): Promise<ExitCode> => {
  const { connectionId, terminal, redact } = context;
  const now = terminal.now();
  const report = failedReport({ connectionId, full: false, startedAt: now, finishedAt: now }, 'stopped', why);
  await writeLast(terminal.err, redact(`${printable(why)}\n`));
  if (invocation.json) await writeLast(terminal.out, redact(syncDocument(report)));
  return 1;
};

/** `sync --user`: one person, told step by step. The exit code is the report's; whom nobody knows is a mistake in the words. */
export const syncUser = async (invocation: Invocation, context: VerbContext): Promise<ExitCode> => {
  const { connection, terminal, style, redact, patienceMs } = context;
  const before = await beforeSync(connection);
  if (before._tag === 'Paused') return paused(invocation, context, before.why);
  const signal = terminal.stopSignal();
  // Somebody new is known at Microsoft Graph alone.
  const userId = await resolveUser(connection, invocation.user, { live: true, signal });
  if (before._tag === 'EngineRuns')
    await writeLast(terminal.err, 'An engine runs this connection: it was asked, and its answer is waited for.\n');
  const synced = await connection.syncUser(userId, { by: { actor: terminal.actor }, patienceMs, signal });
  if (synced.outcome === 'unknown-person') throw new WrongUse('--user', synced.conclusion);
  const { error, exitCode } = synced.report;
  if (error !== undefined) await writeLast(terminal.err, redact(`${printable(error.message)}\n`));
  if (invocation.json) await writeLast(terminal.out, redact(personDocument(synced)));
  else await writeLast(terminal.out, redact(personSyncText(synced, style)));
  return exitCode;
};
