import type { LearnAmpCheck } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration } from '../configuration/configuration.js';
import { learnAmpSettings } from '../connection-settings.js';
import { checkLine, conclusion } from '../reports/doctor-text.js';
import type { Style } from '../reports/style.js';
import type { ExitCode } from './verb-context.js';

/** `doctor --learn-amp`. No connection and no file is opened, and Microsoft Graph is not asked: an engine may run meanwhile. */
export const doctor = async (
  { json }: InvocationOf<'doctor'>,
  configuration: Configuration,
  { terminal, style, redact }: { terminal: Terminal; style: Style; redact: (text: string) => string },
): Promise<ExitCode> => {
  const { checkLearnAmp } = await import('@learnamp/directory-sync');
  const { connectionId, preferences, patienceSeconds } = configuration;
  const settings = learnAmpSettings(configuration, patienceSeconds * 1000);
  const customFields = Object.values(preferences.customFields);
  const checks: LearnAmpCheck[] = [];
  for await (const check of checkLearnAmp(settings, { customFields, signal: terminal.stopSignal() })) {
    checks.push(check);
    if (!json) await terminal.out.write(redact(checkLine(check, style)));
  }
  const ok = checks.every(({ result }) => result === 'ok' || result === 'note');
  const last = json ? `${JSON.stringify({ connectionId, ok, checks })}\n` : conclusion(checks);
  await writeLast(terminal.out, redact(last));
  return ok ? 0 : 1;
};
