import type { DoctorCheck, LearnAmpCheck } from '@learnamp/directory-sync';
import type { InvocationOf } from '../command-line/invocation.js';
import { writeLast } from '../command-line/output.js';
import type { Terminal } from '../command-line/terminal.js';
import type { Configuration, Storage } from '../configuration/configuration.js';
import { graphSettings, learnAmpSettings } from '../connection-settings.js';
import type { OpenConnection } from '../open-connection.js';
import { checkLine, conclusion, doctorConclusion, doctorLines } from '../reports/doctor-text.js';
import type { Style } from '../reports/style.js';
import type { ExitCode } from './verb-context.js';

type Surroundings = {
  readonly terminal: Terminal;
  readonly style: Style;
  readonly redact: (text: string) => string;
  readonly openConnection: OpenConnection;
};

type Check = { readonly result: DoctorCheck['result'] };

/** Tells each check as it is made; the exit code is 1 where one failed. */
const tell = async <A extends Check>(
  checks: AsyncIterable<A>,
  { json, connectionId }: { readonly json: boolean; readonly connectionId: string },
  texts: { readonly line: (check: A) => string; readonly end: (checks: ReadonlyArray<A>) => string },
  { terminal, redact }: Surroundings,
): Promise<ExitCode> => {
  const made: A[] = [];
  for await (const check of checks) {
    made.push(check);
    if (!json) await terminal.out.write(redact(texts.line(check)));
  }
  const ok = made.every(({ result }) => result === 'ok' || result === 'note');
  const last = json ? `${JSON.stringify({ connectionId, ok, checks: made })}\n` : texts.end(made);
  await writeLast(terminal.out, redact(last));
  return ok ? 0 : 1;
};

/** No connection and no file is opened, and Microsoft Graph is not asked: an engine may run meanwhile. */
const ofLearnAmp = async (configuration: Configuration, signal: AbortSignal): Promise<AsyncIterable<LearnAmpCheck>> => {
  const { checkLearnAmp } = await import('@learnamp/directory-sync');
  const { preferences, patienceSeconds } = configuration;
  const customFields = Object.values(preferences.customFields);
  return checkLearnAmp(learnAmpSettings(configuration, patienceSeconds * 1000), { customFields, signal });
};

const filesOf = (storage: Storage) =>
  storage.kind === 'memory'
    ? undefined
    : {
        log: storage.kind === 'sqlite' ? storage.logPath : undefined,
        keys: storage.keysPath,
        local: storage.localPath,
      };

/** Opened to be read alone, once everything else was looked at, and closed at once. */
const statusOf = (configuration: Configuration, openConnection: OpenConnection) => async () => {
  const connection = await openConnection(configuration, { readOnly: true, logger: undefined });
  try {
    return await connection.status();
  } finally {
    await connection.close();
  }
};

const ofEverything = async (
  configuration: Configuration,
  names: boolean,
  { openConnection }: Surroundings,
  signal: AbortSignal,
): Promise<AsyncIterable<DoctorCheck>> => {
  const { doctor } = await import('@learnamp/directory-sync');
  const { connectionId, tenantId, groupId, preferences, notifications, storage, patienceSeconds } = configuration;
  const patienceMs = patienceSeconds * 1000;
  return doctor({
    connectionId,
    tenantId,
    groupId,
    preferences,
    graph: graphSettings(configuration, patienceMs),
    learnAmp: learnAmpSettings(configuration, patienceMs),
    notifications: notifications.publicUrl === undefined ? undefined : { publicUrl: notifications.publicUrl },
    files: filesOf(storage),
    status: statusOf(configuration, openConnection),
    names,
    signal,
  });
};

/** `doctor`, and `doctor --learn-amp`. Nothing is written anywhere. */
export const doctor = async (
  { json, learnAmp, names }: InvocationOf<'doctor'>,
  configuration: Configuration,
  surroundings: Surroundings,
): Promise<ExitCode> => {
  const { style, terminal } = surroundings;
  const { connectionId } = configuration;
  const signal = terminal.stopSignal();
  return learnAmp
    ? tell(
        await ofLearnAmp(configuration, signal),
        { json, connectionId },
        { line: (check) => checkLine(check, style), end: conclusion },
        surroundings,
      )
    : tell(
        await ofEverything(configuration, names, surroundings, signal),
        { json, connectionId },
        { line: (check) => doctorLines(check, style), end: doctorConclusion },
        surroundings,
      );
};
